import { CountersignError } from '../../client/error';
import type { Client } from '../../client/index';
import type { Words } from '../../client/types';
import type { Verdict } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import { inEditor } from '../edit-record';
import { UsageError } from '../exit-codes';
import { decidedLines, gateLines } from '../gate-lines';
import { claimNext, LEASE_SECONDS } from '../next-gate';
import type { Output } from '../output';
import { askWords, HintForCommand } from './form';
import type { Keys } from './keys';

/** What a loop of reviewing works with. */
export interface Review {
  readonly client: Client;
  readonly output: Output;
  readonly keys: Keys;
}

interface Tally {
  decided: number;
  passed: number;
}

const VERDICT_BY_KEY: Readonly<Partial<Record<string, Verdict>>> = {
  a: 'approve',
  r: 'reject',
  e: 'escalate',
};
const LEGEND = '[a]pprove  [r]eject  [e]scalate  [m]odify  [i]nformation  [s]kip  [q]uit  [?]';
const HELP = [
  'a, r, e  open the form of a verdict: a key for the reason, then Enter. Nothing is decided before Enter.',
  'm        change the record in your EDITOR, before approving it',
  'i        ask whoever asked for the run; the gate comes back with the answer',
  's        leave this gate to others and go on',
  'q        leave this gate to others and stop',
  'Any other key does nothing.',
];

/** A gate comes again with every change, until it is decided, left or gone: what was printed last is what is decided about. */
type Next = 'again' | 'go on' | 'stop';

/** Shows one gate after the other, the soonest due first, and lets the person decide about each by a few keys. */
export async function reviewGates(review: Review): Promise<Tally> {
  const tally: Tally = { decided: 0, passed: 0 };
  const passed = new Set<string>();
  for (;;) {
    const gate = await claimNext(review.client, passed);
    if (gate === undefined) {
      review.output.line('No gate waits for you.');
      return tally;
    }
    const heartbeat = keepClaim(review, gate);
    try {
      const next = await reviewOne(review, gate, tally);
      if (next !== 'again') passed.add(gate.id);
      if (next === 'stop') return tally;
    } finally {
      clearInterval(heartbeat);
    }
  }
}

/** Holds on to a gate while somebody looks at it, and says so once it is somebody else's. */
function keepClaim({ client, output }: Review, gate: Gate): NodeJS.Timeout {
  const heartbeat = setInterval(
    () => {
      client.gates.renew(gate.id, LEASE_SECONDS).catch((error: unknown) => {
        if (!(error instanceof CountersignError) || error.retryable) return;
        clearInterval(heartbeat);
        output.line(`(${error.message})`);
      });
    },
    (LEASE_SECONDS * 1000) / 3,
  );
  return heartbeat;
}

async function reviewOne(review: Review, gate: Gate, tally: Tally): Promise<Next> {
  const { client, output, keys } = review;
  for (const line of ['', ...gateLines(gate), '', LEGEND]) output.line(line);
  keys.forget();
  let edits: Record<string, unknown> | undefined;
  for (;;) {
    const key = await keys.key();
    const verdict = VERDICT_BY_KEY[key ?? 'q'];
    if (verdict !== undefined) {
      const next = await decideByForm(review, gate, verdict, edits, tally);
      if (next !== undefined) return next;
      output.line(LEGEND);
    } else if (key === undefined || key === 'q') {
      await client.gates.release(gate.id);
      return 'stop';
    } else if (key === 's') {
      tally.passed += 1;
      await client.gates.release(gate.id);
      return 'go on';
    } else if (key === 'i') {
      if (await askRequester(review, gate)) return 'go on';
    } else if (key === 'm') {
      edits = await modified(review, gate, edits);
    } else if (key === '?') for (const line of [...HELP, LEGEND]) output.line(line);
  }
}

/** Undefined: nothing was sent, and the same view stands. */
async function decideByForm(
  review: Review,
  gate: Gate,
  verdict: Verdict,
  edits: Record<string, unknown> | undefined,
  tally: Tally,
): Promise<Next | undefined> {
  const { client, output } = review;
  let words: Words | undefined;
  try {
    words = await askWords(review, gate, verdict, edits);
  } catch (error) {
    if (!(error instanceof HintForCommand)) throw error;
    output.line(error.message);
    return undefined;
  }
  if (words === undefined) return undefined;
  try {
    const decided = await client.gates.decide(gate, verdict, words);
    for (const line of decidedLines(verdict, decided)) output.line(line);
    tally.decided += 1;
    return 'go on';
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const changed = error.problem?.changed ?? [];
    output.line(`${error.message}${changed.length === 0 ? '' : ` Changed: ${changed.join(', ')}.`}`);
    return error.status === 409 ? 'again' : undefined;
  }
}

async function askRequester({ client, output, keys }: Review, gate: Gate): Promise<boolean> {
  const text = await keys.line('Ask the requester: ');
  if (text === undefined || text === '') return false;
  try {
    await client.gates.ask(gate.id, text);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    output.line(error.message);
    return false;
  }
  await client.gates.release(gate.id);
  output.line('Asked. The gate comes back with the answer.');
  return true;
}

async function modified(
  { output, keys }: Review,
  gate: Gate,
  edits: Record<string, unknown> | undefined,
): Promise<Record<string, unknown> | undefined> {
  try {
    const record = await keys.lend(() => inEditor(edits ?? gate.payload ?? {}));
    output.line('The record as you would approve it:');
    output.line(JSON.stringify(record, undefined, 2));
    return record;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.line(error.message);
    return edits;
  }
}
