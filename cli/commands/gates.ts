import { Option, type Command } from 'commander';
import type { Client } from '../../client/index';
import { isApplied, type Decided, type Shown, type Words } from '../../client/types';
import { DISPOSITIONS, VERDICTS, type Disposition, type Verdict } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { readJson, readText } from '../input';
import { listLimit, positive } from '../arguments';
import { fields, indented, show, table } from '../output';

interface VerdictOptions {
  readonly rationale?: string;
  readonly reasonCode?: string;
  readonly disposition?: Disposition;
  readonly recordType?: string;
  readonly edits?: string;
  readonly view?: string;
  readonly gateVersion?: number;
  readonly for?: string;
  readonly part?: readonly string[];
  readonly prove?: string;
}

const DONE: Readonly<Record<Verdict, string>> = {
  approve: 'approved',
  reject: 'rejected',
  escalate: 'escalated',
};

/** `gates`, a command for each verdict, and what else people do at a gate. */
export function addGateCommands(program: Command): void {
  program
    .command('gates [id]')
    .description('gates, the soonest due first; or one with its question and what it would write')
    .option('--state <state>', 'open or closed')
    .option('--role <role>', 'that ask for a role')
    .option('--class <class>', 'routine, financial, clinical, privileging …')
    .option('--decidable', 'only those that you could decide about now')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (id: string | undefined, query: Record<string, unknown>, command: Command) => {
      const { output, client } = contextOf(command);
      if (id !== undefined) {
        const gate = await client().gates.get(id);
        show(output, gate, () => gateLines(gate));
        return;
      }
      const { decidable, ...filters } = query;
      const gates = await client().gates.list({
        state: 'open',
        ...filters,
        ...(decidable === true ? { decidable: 'true' as const } : {}),
      });
      show(output, gates, () =>
        table(
          ['gate', 'version', 'type', 'question', 'role', 'seats', 'due'],
          gates.items.map((gate) => [
            gate.id,
            gate.version,
            gate.record_type,
            gate.question,
            gate.role,
            `${gate.seats_taken ?? '?'}/${gate.seats}`,
            gate.outcome ?? gate.due_at,
          ]),
        ),
      );
    });
  for (const verdict of VERDICTS) addVerdict(program, verdict);
}

function addVerdict(program: Command, verdict: Verdict): void {
  program
    .command(`${verdict} <gate>`)
    .description(`${verdict} what a gate asks about, as it is now`)
    .option('--rationale <text>', 'why')
    .option('--reason-code <code>', "one of the gate's reason codes")
    .addOption(new Option('--disposition <disposition>', 'what is granted').choices([...DISPOSITIONS]))
    .option('--part <name=text...>', 'a part of the reason, where the gate asks for parts')
    .option(
      '--prove <file>',
      'where the gate asks for it: proves anew who you are, by the key in the file; - reads it from stdin',
    )
    .option('--record-type <name>', 'what is recorded, of the types that the gate offers')
    .option('--for <member>', 'in whose place you decide, by a delegation')
    .option('--edits <file>', 'JSON of the whole record as it shall be written; - reads it from stdin')
    .option(
      '--gate-version <number>',
      'the version that you saw; refused when the gate has changed since',
      positive,
    )
    .option(
      '--view <hash>',
      'the view that you saw, as `gates <id>` names it; refused when it has changed since',
    )
    .action(async (id: string, options: VerdictOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const gate = await client().gates.get(id);
      const version = options.gateVersion ?? gate.version;
      const seen = { ...gate, version, shown_hash: options.view ?? gate.shown_hash };
      const words = await wordsOf(options);
      const proved =
        options.prove === undefined ? {} : await prove(client(), seen, verdict, words, options.prove);
      const decided = await client().gates.decide(seen, verdict, { ...words, ...proved });
      show(output, decided, () => decidedLines(verdict, decided));
    });
}

/** A proof for one verdict, by a key that is presented once more. */
async function prove(
  client: Client,
  seen: Shown,
  verdict: Verdict,
  words: Words,
  file: string,
): Promise<Pick<Words, 'proof'>> {
  const key = (await readText(file)).trim();
  const { proof } = await client.gates.prove(seen, verdict, words, key);
  return { proof };
}

function partsOf(parts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      if (at < 1) throw new UsageError('--part takes name=text.');
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

async function wordsOf({
  rationale,
  reasonCode,
  disposition,
  recordType,
  edits,
  part,
  for: inPlaceOf,
}: VerdictOptions): Promise<Words> {
  return {
    ...(rationale === undefined ? {} : { rationale }),
    ...(part === undefined ? {} : { rationale_parts: partsOf(part) }),
    ...(reasonCode === undefined ? {} : { reason_code: reasonCode }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(recordType === undefined ? {} : { record_type: recordType }),
    ...(inPlaceOf === undefined ? {} : { on_behalf_of: inPlaceOf }),
    ...(edits === undefined ? {} : { edits: await readJson(edits) }),
  };
}

function gateLines(gate: Gate): string[] {
  return [
    ...fields([
      ['gate', `${gate.id} version ${gate.version}`],
      ['question', gate.question],
      ['if approved', gate.if_approved],
      ['if rejected', gate.if_rejected],
      ['record', `${gate.record_type} (${gate.class})`],
      ['state', gate.outcome ?? gate.state],
      ['by hand', gate.manual && gate.compensation_act === null ? byHandLine(gate) : null],
      ['record types', gate.record_types.join(', ')],
      ['left open', gate.missing.join(', ')],
      ['warnings', gate.flags.map(({ reason }) => reason).join('; ')],
      ['duplicate of?', gate.possible_duplicate_of],
      ['agreement', gate.agreement === null ? null : agreementLine(gate.agreement)],
      ['asks', asksLine(gate)],
      ['held back', gate.blind ? 'say what you think first: countersign view' : null],
      ['in place of', gate.acting_for.join(', ')],
      ['thought first', gate.views.map(({ opinion, note }) => `${opinion}: ${note ?? ''}`).join('; ')],
      ['dispositions', gate.dispositions.join(', ')],
      ['reason codes', gate.reason_codes.join(', ')],
      ['reason in parts', gate.rationale_parts.map(partLine).join('; ')],
      ['proof', gate.reauthenticate_minutes === null ? null : 'prove anew who you are: --prove'],
      [
        'amounts',
        Object.entries(gate.amounts)
          .map(([name, text]) => `${name} ${text}`)
          .join(', '),
      ],
      [
        'changed',
        gate.versions
          .map(({ version, cause, changed }) => `version ${version} by ${cause}: ${changed.join(', ')}`)
          .join('; '),
      ],
      ['due', gate.due_at],
      ['view', gate.shown_hash],
    ]),
    ...(gate.payload === null ? [] : ['', 'would write', ...indented(gate.payload)]),
    ...(gate.decisions.length === 0
      ? []
      : [
          '',
          ...table(
            ['verdict', 'by', 'rationale', 'at'],
            gate.decisions.map((one) => [
              one.disposition ?? one.record_type ?? one.verdict,
              one.on_behalf_of === null ? one.actor_user_id : `${one.actor_user_id} for ${one.on_behalf_of}`,
              one.rationale ?? one.reason_code,
              one.decided_at,
            ]),
          ),
        ]),
  ];
}

function agreementLine({ band, agreed, decided }: NonNullable<Gate['agreement']>): string {
  return `of ${decided} answers of this model with a confidence of ${band}, reviewers approved ${agreed} as they were`;
}

function asksLine({ roles, seat_roles: seatRoles, seats, seats_taken: taken }: Gate): string {
  return `${seatRoles?.join(' and ') ?? roles.join(' or ')}, ${taken ?? '?'} of ${seats} seats taken`;
}

function partLine({ name, prompt, dispositions }: Gate['rationale_parts'][number]): string {
  return `${name} (${prompt}${dispositions === undefined ? '' : `; with ${dispositions.join(', ')}`})`;
}

function byHandLine({ record_types: offered }: Gate): string {
  const choice = offered.length > 1 ? '--record-type and ' : '';
  return `the model has nothing to show: approve with ${choice}--edits`;
}

function decidedLines(verdict: Verdict, decided: Decided): string[] {
  if (!isApplied(decided))
    return [
      `Stored: ${decided.verdict}. It is applied as soon as a worker runs.`,
      ...fields([['intent', decided.id]]),
    ];
  return [
    `The gate is ${DONE[verdict]}.`,
    ...fields([
      ['decision', decided.id],
      ['self-confirmed', decided.self_confirmed ? 'yes' : null],
      ['records', decided.record_ids.join(', ')],
    ]),
  ];
}
