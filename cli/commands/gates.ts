import { Option, type Command } from 'commander';
import type { Client } from '../../client/index';
import type { Query, Shown, Words } from '../../client/types';
import { DISPOSITIONS, GATE_WAITS, VERDICTS, type Disposition, type Verdict } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import { contextOf } from '../context';
import { inEditor, withFields } from '../edit-record';
import { UsageError } from '../exit-codes';
import { findGate } from '../find-gate';
import { decidedLines, gateLines } from '../gate-lines';
import { readJson, readText } from '../input';
import { listLimit, positive } from '../arguments';
import { claimNext } from '../next-gate';
import { show, table, type Output } from '../output';

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
  readonly set?: readonly string[];
  readonly editor?: boolean;
  readonly next?: boolean;
}

interface GateOptions {
  readonly state?: Query<'gates.list'>['state'];
  readonly role?: Query<'gates.list'>['role'];
  readonly class?: Query<'gates.list'>['class'];
  readonly recordType?: string;
  readonly purpose?: string;
  readonly claimedBy?: Query<'gates.list'>['claimed_by'];
  readonly waitingFor?: Query<'gates.list'>['waiting_for'];
  readonly dueBefore?: string;
  readonly dueAfter?: string;
  readonly sort?: Query<'gates.list'>['sort'];
  readonly decidable?: boolean;
  readonly limit: number;
}

/** `gates`, a command for each verdict, and what else people do at a gate. */
export function addGateCommands(program: Command): void {
  program
    .command('gates [id]')
    .description(
      'gates, the soonest due first; one, by its id or the end of it; or `next`: claims the one that is due first and shows it',
    )
    .option('--state <state>', 'open or closed')
    .option('--role <role>', 'that ask for a role')
    .option('--class <class>', 'routine, financial, clinical, privileging …')
    .option('--record-type <name>', 'that would write a record of a type')
    .option('--purpose <purpose>', 'of one purpose')
    .addOption(new Option('--claimed-by <whom>', 'that you hold, or nobody').choices(['me', 'nobody']))
    .addOption(new Option('--waiting-for <whom>', 'for whom they wait').choices([...GATE_WAITS]))
    .option('--due-before <time>', 'RFC 3339, in UTC')
    .option('--due-after <time>', 'RFC 3339, in UTC')
    .addOption(new Option('--sort <field>', 'what comes first').choices(['due_at', 'opened_at']))
    .option('--decidable', 'only those that you could decide about now')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(async (id: string | undefined, query: GateOptions, command: Command) => {
      const { output, client } = contextOf(command);
      if (id === 'next') {
        await showNext(client(), output);
        return;
      }
      if (id !== undefined) {
        const gate = await client().gates.get(await findGate(client(), id));
        show(output, gate, () => gateLines(gate));
        return;
      }
      const gates = await client().gates.list(gateQueryOf(query));
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
    .description(`${verdict} what a gate asks about, as it is now; the end of its id is enough`)
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
      '--set <field=value...>',
      'changes fields of the record; amounts as you write them: total=₦46,000',
    )
    .option('--editor', 'changes the record in your EDITOR')
    .option('--next', 'then claims the next gate and shows it')
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
      const gate = await client().gates.get(await findGate(client(), id));
      const version = options.gateVersion ?? gate.version;
      const seen = { ...gate, version, shown_hash: options.view ?? gate.shown_hash };
      const words = await wordsOf(options, gate);
      const proved =
        options.prove === undefined ? {} : await prove(client(), seen, verdict, words, options.prove);
      const decided = await client().gates.decide(seen, verdict, { ...words, ...proved });
      show(output, decided, () => decidedLines(verdict, decided));
      if (options.next === true) await showNext(client(), output);
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

async function wordsOf(options: VerdictOptions, gate: Gate): Promise<Words> {
  const { rationale, reasonCode, disposition, recordType, part, for: inPlaceOf } = options;
  const edits = await editsOf(options, gate);
  return {
    ...(rationale === undefined ? {} : { rationale }),
    ...(part === undefined ? {} : { rationale_parts: partsOf(part) }),
    ...(reasonCode === undefined ? {} : { reason_code: reasonCode }),
    ...(disposition === undefined ? {} : { disposition }),
    ...(recordType === undefined ? {} : { record_type: recordType }),
    ...(inPlaceOf === undefined ? {} : { on_behalf_of: inPlaceOf }),
    ...(edits === undefined ? {} : { edits }),
  };
}

/** The whole record as it shall be written, where any option changes it. */
async function editsOf(
  { edits, set = [], editor }: VerdictOptions,
  gate: Gate,
): Promise<Record<string, unknown> | undefined> {
  if (edits === undefined && set.length === 0 && editor !== true) return undefined;
  const payload = edits === undefined ? gate.payload : await readJson(edits);
  const record = withFields(payload, set);
  return editor === true ? await inEditor(record) : record;
}

function gateQueryOf(options: GateOptions): Query<'gates.list'> {
  const { recordType, claimedBy, waitingFor, dueBefore, dueAfter, decidable, ...rest } = options;
  return {
    state: 'open',
    ...rest,
    record_type: recordType,
    claimed_by: claimedBy,
    waiting_for: waitingFor,
    due_before: dueBefore,
    due_after: dueAfter,
    decidable: decidable === true ? 'true' : undefined,
  };
}

/** Claims the gate that comes next and shows it; says so when there is none. */
async function showNext(client: Client, output: Output): Promise<void> {
  const gate = await claimNext(client);
  show(output, gate, () => (gate === undefined ? ['No gate waits for you.'] : gateLines(gate)));
}
