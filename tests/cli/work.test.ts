import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Keys } from '../../cli/review/keys';
import { reviewGates } from '../../cli/review/loop';
import { createClient, type Client } from '../../client/index';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { addMember, type Person } from '../support/world';
import { runCli, type CliResult } from './support/run-cli';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));
const folder = mkdtempSync(join(tmpdir(), 'countersign-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (person: Person, ...args: string[]): Promise<CliResult> =>
  runCli(args, { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: person.token });
const clientOf = (person: Person): Client => createClient({ baseUrl: api.url, key: person.token });

let crates = 100;

/** A sale that waits for a person; each of another number of crates, so that none is a duplicate. */
async function sold(by: Person): Promise<Gate> {
  crates += 1;
  const words = ['--set', `note=Sold ${crates} crates of eggs for ₦45,000`, '--wait', '20'];
  const run = (await cli(by, '--json', 'run', 'farm.record', ...words)).json() as Run;
  const { items } = await clientOf(governed.world.farm.owner).gates.list({ run_id: run.id });
  return items[0] as Gate;
}

/** Nobody's and everybody's gates are decided after each test, so that the next begins with an empty queue. */
afterEach(async () => {
  const client = clientOf(governed.world.farm.owner);
  const { items } = await client.gates.list({ state: 'open' });
  for (const gate of items) await client.gates.reject(gate, { reason_code: gate.reason_codes[0] });
});

/** A person at `countersign work`, who presses keys once something has been shown. */
function atKeyboard(person: Person, isTerminal = true) {
  const source = Object.assign(new PassThrough(), { isTTY: isTerminal, setRawMode: () => undefined });
  const lines: string[] = [];
  const keys = new Keys(source, (text) => void lines.push(text));
  const output = { isJson: false, line: (text: string) => void lines.push(text) };
  const done = reviewGates({ client: clientOf(person), output, keys }).finally(() => keys.close());
  const shown = async (text: RegExp, after = 0): Promise<number> => {
    for (let tries = 0; tries < 400; tries += 1) {
      const at = lines.findIndex((line, index) => index >= after && text.test(line));
      if (at >= 0) return at + 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not shown: ${String(text)}\n${lines.join('\n')}`);
  };
  return { press: (text: string) => source.write(text), end: () => source.end(), shown, lines, done };
}

const LEGEND = /\[a\]pprove/;
const decisionsOf = async (gate: Gate) =>
  (await clientOf(governed.world.farm.owner).gates.get(gate.id)).decisions;

describe('countersign work', () => {
  it('lets the owner of a one-person farm confirm her own sale by three keys', async () => {
    const { owner } = governed.world.farm;
    const gate = await sold(owner);
    const person = atKeyboard(owner);
    await person.shown(LEGEND);
    expect(person.lines.join('\n')).toContain(`${crates} crates`);
    expect(person.lines.join('\n')).toContain('₦45,000.00');
    for (const key of ['a', '1', '\r']) person.press(key);
    await person.shown(/self-confirmed +yes/);
    await person.shown(/No gate waits for you/);
    expect(await person.done).toEqual({ decided: 1, passed: 0 });
    expect(await decisionsOf(gate)).toMatchObject([
      { verdict: 'approve', actor_user_id: owner.userId, self_confirmed: true },
    ]);
  }, 60_000);

  it('does nothing by a key that it does not know, nor before Enter, nor by what was typed ahead', async () => {
    const { owner, hand } = governed.world.farm;
    const gate = await sold(hand);
    const person = atKeyboard(owner);
    // Before anything was shown.
    person.press('a1\r');
    await person.shown(LEGEND);
    person.press('xyz\r\u001b[A 9\u0000');
    person.press('a');
    await person.shown(/Why approve\?/);
    person.press('0x');
    person.press('1');
    await person.shown(/Enter: approve/);
    person.press('x');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await decisionsOf(gate)).toEqual([]);
    person.press('q');
    expect(await person.done).toEqual({ decided: 0, passed: 0 });
    const { claimed_by: holder, state } = await clientOf(owner).gates.get(gate.id);
    expect([holder, state]).toEqual([null, 'open']);
  }, 60_000);

  it('refuses a verdict on what has changed since it was printed, and shows the gate anew', async () => {
    const { farm } = governed.world;
    const gate = await sold(farm.hand);
    const rival = await addMember(governed.database, farm.id, ['reviewer']);
    const person = atKeyboard(farm.owner);
    const first = await person.shown(LEGEND);
    const asked = await clientOf(rival).gates.ask(gate.id, 'Which buyer was it?');
    await clientOf(farm.hand).gates.answer(gate.id, asked.id, 'The one from Ibadan.');
    person.press('a1\r');
    const stale = await person.shown(/Changed: questions/, first);
    await person.shown(LEGEND, stale);
    expect(person.lines.slice(stale).join('\n')).toContain('The one from Ibadan.');
    expect(await decisionsOf(gate)).toEqual([]);
    person.press('r');
    person.press('2\r');
    expect(await person.done).toEqual({ decided: 1, passed: 0 });
    expect(await decisionsOf(gate)).toMatchObject([{ verdict: 'reject' }]);
  }, 60_000);

  it('takes its keys from a pipe, skips, and goes on to the next in the order of their time', async () => {
    const { owner, hand } = governed.world.farm;
    const [first, second] = [await sold(hand), await sold(hand)];
    const person = atKeyboard(owner, false);
    person.press('sa1\n');
    person.end();
    expect(await person.done).toEqual({ decided: 1, passed: 1 });
    const [earlier, later] = first.due_at <= second.due_at ? [first, second] : [second, first];
    expect(await decisionsOf(earlier)).toEqual([]);
    expect(await decisionsOf(later)).toMatchObject([{ verdict: 'approve', self_confirmed: false }]);
  }, 60_000);

  it('runs as a process on a pipe', async () => {
    const gate = await sold(governed.world.farm.hand);
    const { out, status } = await processOf(governed.world.farm.owner, 'q');
    expect(status).toBe(0);
    expect(out).toContain(gate.id);
    expect(out).toContain('0 decided, 0 left.');
  }, 60_000);
});

/** The compiled command, with what it reads on a pipe. */
async function processOf(person: Person, input: string): Promise<{ out: string; status: number | null }> {
  const main = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'work'], {
    env: { ...process.env, COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: person.token },
  });
  const parts: string[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part.toString()));
  child.stderr.on('data', (part: Buffer) => parts.push(part.toString()));
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { out: parts.join(''), status };
}

describe('commands of a queue', () => {
  it('claim the next gate, look, set an amount in the tenant’s money, approve and go on', async () => {
    const { owner, hand } = governed.world.farm;
    const [first, second] = [await sold(hand), await sold(hand)];
    const shown = await cli(owner, 'gates', 'next');
    expect(shown.out).toContain(first.id);
    expect(shown.out).toContain(`held by`);
    // The same one, until it is decided or released.
    expect((await cli(owner, 'gates', 'next')).out).toContain(first.id);
    const end = first.id.slice(-12);
    expect((await cli(owner, 'gates', end)).out).toContain(`${first.id} version 1`);
    const words = ['--reason-code', 'correct', '--set', 'total=₦46,000', '--next'];
    const approved = await cli(owner, 'approve', end, ...words);
    expect(approved).toMatchObject({ status: 0, err: '' });
    expect(approved.out).toContain('The gate is approved.');
    expect(approved.out).toContain(second.id);
    const { items } = await clientOf(owner).records.list({ run_id: first.run_id });
    expect(items).toMatchObject([{ payload: { total_minor: '4600000', currency: 'NGN' } }]);
  }, 60_000);

  it('let a record be changed in an editor, and refuse what it leaves when it is no record', async () => {
    const { owner, hand } = governed.world.farm;
    const gate = await sold(hand);
    const editor = join(folder, 'editor');
    const edit = async (program: string): Promise<CliResult> => {
      writeFileSync(editor, `#!/bin/sh\n${program}\n`);
      chmodSync(editor, 0o700);
      const words = ['approve', gate.id, '--reason-code', 'correct', '--editor'];
      return await runCli(words, { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: owner.token, EDITOR: editor });
    };
    expect((await edit('exit 1')).status).toBe(2);
    expect((await edit('echo nonsense > "$1"')).status).toBe(2);
    expect(await decisionsOf(gate)).toEqual([]);
    const done = await edit('sed -i "s/4500000/4700000/" "$1"');
    expect(done).toMatchObject({ status: 0, err: '' });
    const { items } = await clientOf(owner).records.list({ run_id: gate.run_id });
    expect(items).toMatchObject([{ payload: { total_minor: '4700000' } }]);
  }, 60_000);

  it('name no gate by too little, and none by the end of two', async () => {
    const { owner } = governed.world.farm;
    expect((await cli(owner, 'gates', 'abc')).status).toBe(2);
    expect((await cli(owner, 'gates', 'ffffffffffff')).err).toContain('No gate');
    const nextOfNone = await cli(owner, 'gates', 'next');
    expect(nextOfNone.out).toContain('No gate waits for you.');
  }, 60_000);

  it('ask the requester, who answers, and pass the gate over meanwhile', async () => {
    const { owner, hand } = governed.world.farm;
    const gate = await sold(hand);
    const asked = await cli(owner, '--json', 'ask', gate.id, 'Which buyer was it?');
    const { id } = asked.json() as { id: string };
    expect((await cli(owner, 'gates', 'next')).out).toContain('No gate waits for you.');
    const waiting = await cli(owner, 'gates', gate.id);
    expect(waiting.out).toContain('an answer of the requester');
    expect((await cli(hand, 'answer', gate.id, id, 'Her sister.')).status).toBe(0);
    const next = await cli(owner, 'gates', 'next');
    expect(next.out).toContain('Her sister.');
  }, 60_000);
});
