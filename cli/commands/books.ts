import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Draw } from '../../contract/wire/decision';
import type { ChainPlace, ChainReport } from '../../client/verify-chain';
import { contextOf } from '../context';
import { EXIT, UsageError } from '../exit-codes';
import { readJson } from '../input';
import { listLimit } from '../arguments';
import { fields, properties, show, table } from '../output';

/** `records`, `decisions`, `ledger` and `audit`: what was written, and the proof of it. */
export function addBookCommands(program: Command): void {
  program
    .command('records')
    .description('what decisions wrote, newest first')
    .option('--record-type <type>', 'of one type')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (options: { readonly recordType?: string; readonly limit: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const records = await client().records.list({ record_type: options.recordType, limit: options.limit });
      show(output, records, () =>
        table(
          ['record', 'type', 'payload', 'decision', 'written'],
          records.items.map((record) => [
            record.id,
            record.record_type,
            record.payload === null ? null : JSON.stringify(record.payload),
            record.decision_id,
            record.written_at,
          ]),
        ),
      );
    });

  program
    .command('decisions [id]')
    .description('decisions, newest first; or one with its reasons')
    .option('--class <class>', 'routine, financial, privileging …')
    .option('--actor <person>', "one person's, by id")
    .option('--from <time>', 'decided since, RFC 3339 in UTC')
    .option('--to <time>', 'decided before')
    .option('--sample <number>', 'draw so many of them for an audit', listLimit)
    .option('--seed <text>', 'what is drawn by; anybody draws the same with it again')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (id: string | undefined, query: Record<string, unknown>, command: Command) => {
      const { output, client } = contextOf(command);
      if (id !== undefined) {
        const decision = await client().decisions.get(id);
        show(output, decision, () => properties(decision));
        return;
      }
      const decisions = await client().decisions.list(query);
      show(output, decisions, () => [
        ...table(
          ['decision', 'type', 'verdict', 'by', 'person', 'rationale', 'at'],
          decisions.items.map((one) => [
            one.id,
            one.record_type,
            one.disposition ?? one.verdict,
            one.actor_kind,
            one.actor_user_id,
            one.rationale ?? one.reason_code,
            one.decided_at,
          ]),
        ),
        ...drawLines(decisions.draw),
      ]);
    });

  program
    .command('ledger')
    .description('legs of the credit ledger, newest first')
    .option('--run-id <run>', 'of one run')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (options: { readonly runId?: string; readonly limit: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const legs = await client().credits.ledger({ run_id: options.runId, limit: options.limit });
      show(output, legs, () =>
        table(
          ['seq', 'kind', 'amount', 'balance', 'reserved', 'actual', 'deducted', 'short', 'run', 'at'],
          legs.items.map((leg) => [
            leg.seq,
            leg.kind,
            leg.amount_credits,
            leg.balance_after,
            leg.reserved_credits,
            leg.actual_credits,
            leg.deducted_credits,
            leg.shortfall_credits,
            leg.run_id,
            leg.at,
          ]),
        ),
      );
    });
  program
    .command('evidence')
    .description('totals beside the totals that they must equal; exit status 1 when two differ')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const evidence = await client().evidence();
      show(output, evidence, () =>
        table(
          ['check', 'holds', 'one total', 'the other'],
          evidence.checks.map((one) => [one.name, one.holds ? 'yes' : 'NO', one.left, one.right]),
        ),
      );
      process.exitCode = evidence.checks.every(({ holds }) => holds) ? EXIT.ok : EXIT.failed;
    });
  addAudit(program);
}

/** All that somebody else needs to draw the same sample. */
function drawLines(draw: Draw | null): string[] {
  if (draw === null) return [];
  return [
    '',
    ...fields([
      ['seed', draw.seed],
      ['drawn from', `${draw.population} decisions before ${draw.to}`],
      ['sha256 of their ids', draw.population_sha256],
    ]),
  ];
}

function addAudit(program: Command): void {
  const audit = program.command('audit').description("the tenant's chain of events");
  audit
    .command('head')
    .description('where the chain is now; keep it where the database can’t reach it')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const head = await client().audit.head();
      show(output, head, () => fields(Object.entries(head)));
    });
  audit
    .command('events')
    .description('events of the chain, oldest first')
    .option('--since <seq>', 'after this one', '0')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (query: { readonly since: string; readonly limit: number }, command: Command) => {
      const { output, client } = contextOf(command);
      const recent = await client().audit.recent(query);
      show(output, recent, () =>
        table(
          ['seq', 'type', 'by', 'person', 'run', 'at'],
          recent.events.map((event) => [
            event.seq,
            event.type,
            event.actor_kind,
            event.actor_user_id,
            event.run_id,
            event.at,
          ]),
        ),
      );
    });
  audit
    .command('follow')
    .description('events as they are sealed, one line each, until Ctrl-C; with --json one document a line')
    .option('--since <seq>', 'begin after this one; with what comes from now on by default')
    .action(async (options: { readonly since?: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const from = options.since === undefined ? {} : { after: options.since };
      for await (const event of client().events.stream(from)) {
        const { seq, at, type, actor_kind: by, run_id: run } = event;
        output.line(
          output.isJson ? JSON.stringify(event) : [seq, at, type, by, run ?? ''].join('  ').trimEnd(),
        );
      }
    });
  audit
    .command('verify')
    .description('verify the whole chain here, byte for byte, and against places that were kept')
    .option('--anchor <file>', 'a head that was kept before (audit verify --save-head)')
    .option('--save-head <file>', 'keep the place that was reached')
    .action(async (options: { readonly anchor?: string; readonly saveHead?: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const anchors = options.anchor === undefined ? [] : [placeOf(await readJson(options.anchor))];
      const report = await client().audit.verify(anchors);
      show(output, report, () => reportLines(report, anchors.length > 0));
      if (report.holds && options.saveHead !== undefined)
        writeFileSync(options.saveHead, `${JSON.stringify(report.last)}\n`);
      process.exitCode = report.holds ? EXIT.ok : EXIT.failed;
    });
}

function placeOf(value: Readonly<Record<string, unknown>>): ChainPlace {
  const { seq, entry_hash } = value;
  if (typeof seq !== 'string' || typeof entry_hash !== 'string')
    throw new UsageError('An anchor is {"seq": "…", "entry_hash": "…"}.');
  return { seq, entry_hash };
}

function reportLines(report: ChainReport, isAnchored: boolean): string[] {
  if (report.fault !== undefined)
    return [`The chain does NOT hold: ${report.fault.code} at ${report.fault.seq}.`, ...placeLines(report)];
  return [
    `The chain holds: ${report.events} events.`,
    ...placeLines(report),
    ...(isAnchored
      ? []
      : ['A chain that was cut off at its end also holds: give a head that you kept with --anchor.']),
  ];
}

function placeLines({ last, withheld }: ChainReport): string[] {
  return fields([
    ['reached', last.seq],
    ['hash', last.entry_hash],
    ['withheld', withheld === 0 ? null : withheld],
  ]);
}
