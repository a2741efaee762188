import { randomUUID } from 'node:crypto';
import { Argument, type Command } from 'commander';
import type { Call } from '../../contract/wire/call';
import type { Run } from '../../contract/wire/run';
import { contextOf } from '../context';
import { readInput } from '../input';
import { fields, indented, show, table } from '../output';
import { listLimit, waitSeconds } from '../arguments';

interface RunOptions {
  readonly input?: string;
  readonly set: readonly string[];
  readonly idempotencyKey?: string;
  readonly wait: number;
}

interface AgainOptions {
  readonly idempotencyKey?: string;
  readonly wait: number;
}

/** `run`, `runs`, `withdraw`, `resend`, `by-hand` and `feedback`. */
export function addRunCommands(program: Command): void {
  program
    .command('run <purpose>')
    .description('ask a purpose, e.g. countersign run farm.record --set note="3 broilers died in House 2"')
    .option('--input <file>', 'JSON of the input; - reads it from stdin')
    .option('--set <name=value>', 'a field of the input; may be repeated', collect, [])
    .option('--idempotency-key <key>', 'the same key is the same run; a random one by default')
    .option('--wait <seconds>', 'how long to wait for a gate or the end (0 to 30)', waitSeconds, 10)
    .action(async (purpose: string, options: RunOptions, command: Command) => {
      const context = contextOf(command);
      const client = context.client();
      const { input_schema: schema } = await client.purposes.get(purpose);
      const input = await readInput(options, schema);
      const run = await client.runs.create(
        { purpose, input },
        { idempotencyKey: options.idempotencyKey ?? randomUUID(), waitSeconds: options.wait },
      );
      show(context.output, run, () => runLines(run));
    });

  program
    .command('runs [id]')
    .description('runs, newest first; or one with its proposals and calls')
    .option('--state <state>', 'accepted, running, waiting or closed')
    .option('--outcome <outcome>', 'approved, applied, rejected, expired, withdrawn, refused, failed …')
    .option('--purpose <purpose>', 'of one purpose')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (id: string | undefined, query: Record<string, unknown>, command: Command) => {
      const { output, client } = contextOf(command);
      if (id !== undefined) {
        const run = await client().runs.get(id);
        const calls = await client().runs.calls(id);
        show(output, { ...run, calls_made: calls.items }, () => [
          ...runLines(run),
          ...callLines(calls.items),
        ]);
        return;
      }
      const runs = await client().runs.list(query);
      show(output, runs, () =>
        table(
          ['run', 'purpose', 'state', 'step', 'outcome', 'code', 'calls', 'credits', 'created'],
          runs.items.map((run) => [
            run.id,
            run.purpose,
            run.state,
            run.step,
            run.outcome,
            run.code,
            run.calls,
            run.credits.actual,
            run.created_at,
          ]),
        ),
      );
    });

  program
    .command('withdraw <run>')
    .description('take a run back; its open gates close')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const answer = await client().runs.withdraw(id);
      show(output, answer, () => [`Run ${id}: ${answer.outcome}`]);
    });

  program
    .command('resend <run>')
    .description('send a refused or failed run again, with the input that it keeps')
    .option('--idempotency-key <key>', 'the same key is the same run; a random one by default')
    .option('--wait <seconds>', 'how long to wait for a gate or the end (0 to 30)', waitSeconds, 10)
    .action(async (id: string, options: AgainOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const run = await client().runs.resend(id, howOf(options));
      show(output, run, () => runLines(run));
    });

  program
    .command('by-hand <run>')
    .description('record by hand what was refused or failed: a new run with one gate, and no model is asked')
    .requiredOption(
      '--record-type <type>',
      'one that the purpose may propose: countersign purposes <purpose>',
    )
    .option('--idempotency-key <key>', 'the same key is the same run; a random one by default')
    .option('--wait <seconds>', 'how long to wait for the gate (0 to 30)', waitSeconds, 10)
    .action(async (id: string, options: AgainOptions & { readonly recordType: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const run = await client().runs.byHand(id, { record_type: options.recordType }, howOf(options));
      show(output, run, () => runLines(run));
    });

  program
    .command('feedback')
    .addArgument(new Argument('<run>', 'a run that has an answer'))
    .addArgument(new Argument('<thumb>', 'whether it helped').choices(['up', 'down']))
    .description('say whether the answer helped: up or down')
    .option('--comment <text>', 'what was right or wrong')
    .action(
      async (id: string, thumb: 'up' | 'down', options: { readonly comment?: string }, command: Command) => {
        const { output, client } = contextOf(command);
        await client().runs.feedback(id, { thumb, ...options });
        show(output, { run_id: id, thumb }, () => ['Noted.']);
      },
    );
}

function howOf({ idempotencyKey, wait }: AgainOptions) {
  return { idempotencyKey: idempotencyKey ?? randomUUID(), waitSeconds: wait };
}

function runLines(run: Run): string[] {
  return [
    ...fields([
      ['run', run.id],
      ['purpose', `${run.purpose} version ${run.purpose_version}`],
      ['state', run.state === 'closed' ? `closed, ${run.outcome ?? ''}` : `${run.state} at ${run.step}`],
      ['code', run.code],
      ['advisory', run.advisory],
      ['confidence', run.confidence === null ? null : `${run.confidence} per mille`],
      ['credits', creditsOf(run)],
      ['cost', `${run.cost_nano_usd} nano-dollars, ${run.calls} ${run.calls === '1' ? 'call' : 'calls'}`],
    ]),
    ...run.proposals.flatMap((proposal, index) => [
      '',
      ...fields([
        [`proposal ${index + 1}`, `${proposal.record_type} (${proposal.class})`],
        ['outcome', proposal.outcome ?? proposal.state],
        ['recorded as', proposal.recorded_as === proposal.record_type ? null : proposal.recorded_as],
        ['gate', proposal.gate],
        ['left open', proposal.missing.join(', ')],
        ['duplicate of?', proposal.possible_duplicate_of],
      ]),
      ...(proposal.payload === null ? [] : indented(proposal.payload)),
    ]),
    ...(run.feedback.length === 0 ? [] : ['', ...feedbackLines(run.feedback)]),
  ];
}

function feedbackLines(feedback: Run['feedback']): string[] {
  return table(
    ['feedback', 'by', 'comment', 'at'],
    feedback.map(({ thumb, user_id: userId, comment, at }) => [thumb, userId, comment, at]),
  );
}

function creditsOf({ credits }: Run): string {
  const { reserved, actual, deducted, shortfall } = credits;
  const parts = [
    `${reserved} reserved`,
    ...(actual === null ? [] : [`${actual} actual`]),
    ...(deducted === null || deducted === '0' ? [] : [`${deducted} deducted`]),
    ...(shortfall === null || shortfall === '0' ? [] : [`${shortfall} short`]),
  ];
  return parts.join(', ');
}

function callLines(calls: readonly Call[]): string[] {
  return [
    '',
    ...table(
      ['call', 'kind', 'model', 'status', 'billed', 'tokens in', 'tokens out', 'ms'],
      calls.map((call) => [
        call.id,
        call.kind,
        `${call.vendor}/${call.model}`,
        call.error_code ?? call.status,
        call.billed,
        call.input_tokens,
        call.output_tokens,
        call.latency_ms,
      ]),
    ),
  ];
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
