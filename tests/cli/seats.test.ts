import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { addMember, type Person } from '../support/world';
import { runCli, type CliResult } from './support/run-cli';

/* Seats, delegations and views before a verdict, from the command line alone, over the real API, worker and Temporal. */

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let people: { readonly clerk: Person; readonly senior: Person };
beforeAll(async () => {
  const { id } = governed.world.farm;
  people = {
    clerk: await addMember(governed.database, id, ['reviewer']),
    senior: await addMember(governed.database, id, ['senior']),
  };
});

const cli = (person: Person, ...args: string[]): Promise<CliResult> =>
  runCli(args, { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: person.token });

const file = (name: string, content: object): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

async function setPolicy(changes: object): Promise<void> {
  const { owner } = governed.world.farm;
  const saved = await cli(owner, 'policy', 'set', file('policy.json', changes), '--reason', 'a test');
  expect(saved).toMatchObject({ status: 0, err: '' });
}

/** A note of the hand's, and its gate as somebody gets it. */
async function gateOf(note: string, by: Person): Promise<Gate> {
  const { hand } = governed.world.farm;
  const run = (
    await cli(hand, '--json', 'run', 'farm.record', '--set', `note=${note}`, '--wait', '20')
  ).json() as Run;
  const [gate] = run.proposals.flatMap(({ gate: id }) => (id === null ? [] : [id]));
  return (await cli(by, '--json', 'gates', gate ?? '')).json() as Gate;
}

const RULES = {
  seat_rules: [{ record_type: 'expense', from_minor: '20000000', seats: 2, roles: ['senior'] }],
};

it('asks a senior besides the reviewer for a large sum, who lets somebody decide in their place', async () => {
  const { owner } = governed.world.farm;
  await setPolicy(RULES);
  const gate = await gateOf('Bought 20 bags of layer mash for 360k', owner);
  expect(gate).toMatchObject({ seats: 2, seat_roles: ['reviewer', 'senior'], acting_for: [] });
  const approve = ['approve', gate.id, '--reason-code', 'correct'];
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const lend = ['delegation', 'create', people.clerk.userId, '--until', until, '--reason', 'On leave.'];
  expect(await cli(people.senior, ...lend)).toMatchObject({ status: 0, err: '' });
  expect((await cli(people.clerk, 'delegation', 'list')).out).toContain('On leave.');

  expect((await cli(people.senior, 'gates', '--decidable')).out).toContain(gate.id);
  expect((await cli(people.clerk, 'gates', gate.id)).out).toMatch(
    new RegExp(`in place of +${people.senior.userId}`),
  );
  expect(await cli(people.clerk, ...approve, '--for', people.senior.userId)).toMatchObject({
    status: 0,
    err: '',
  });
  expect((await cli(people.senior, ...approve)).err).toContain('seat_taken');
  expect((await cli(people.clerk, ...approve)).err).toContain('seat_taken');
  expect(await cli(owner, ...approve)).toMatchObject({ status: 0, err: '' });
  const closed = await cli(owner, 'gates', gate.id);
  expect(closed.out).toContain(`${people.clerk.userId} for ${people.senior.userId}`);
  expect(closed.out).toMatch(/state +approved/);
}, 60_000);

it('asks more seats from an edit over the threshold on, of every seat the same record', async () => {
  const { owner } = governed.world.farm;
  await setPolicy(RULES);
  const gate = await gateOf('Bought 3 bags of layer mash for 45k', owner);
  expect(gate).toMatchObject({ seats: 1, version: 1 });
  const edits = file('edits.json', { ...gate.payload, total_minor: '45000000' });
  const approve = ['approve', gate.id, '--reason-code', 'wrong_number', '--edits', edits];
  const first = await cli(owner, ...approve);
  expect(first.err).toContain('seats_raised');
  const raised = (await cli(owner, '--json', 'gates', gate.id)).json() as Gate;
  expect(raised).toMatchObject({ version: 2, seats: 2, seats_taken: 0, state: 'open' });
  expect(await cli(owner, ...approve)).toMatchObject({ status: 0, err: '' });
  expect((await cli(people.senior, 'approve', gate.id, '--reason-code', 'correct')).err).toContain(
    'edits_differ',
  );
  expect(await cli(people.senior, ...approve)).toMatchObject({ status: 0, err: '' });
  const { items } = (await cli(owner, '--json', 'records')).json() as { items: { payload: object }[] };
  expect(items[0]).toMatchObject({ run_id: gate.run_id, payload: { total_minor: '45000000' } });
}, 60_000);

it('shows what the model said only to who has said what they think', async () => {
  const { owner } = governed.world.farm;
  await setPolicy({ ...RULES, blind_first_protected: true });
  const gate = await gateOf('Bought 4 bags of layer mash for 52k', owner);
  expect(gate).toMatchObject({ blind: true, payload: null });
  const approve = ['approve', gate.id, '--reason-code', 'correct'];
  const shown = await cli(owner, 'gates', gate.id);
  expect(shown.out).toContain('say what you think first: countersign view');
  expect(shown.out).not.toContain('5200000');
  const early = await cli(owner, ...approve);
  expect(early.status).not.toBe(0);
  expect(early.err).toContain('view_required');
  expect(await cli(owner, 'view', gate.id, 'approve', '--note', 'The feed shed is full.')).toMatchObject({
    status: 0,
  });
  const after = await cli(owner, 'gates', gate.id);
  expect(after.out).toContain('5200000');
  expect(after.out).toContain('The feed shed is full.');
  expect(await cli(owner, ...approve)).toMatchObject({ status: 0, err: '' });
  await setPolicy({ blind_first_protected: false });
}, 60_000);
