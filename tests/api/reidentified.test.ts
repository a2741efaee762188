import { randomUUID } from 'node:crypto';
import { governedRuns } from '../support/governed';
import type { Person } from '../support/world';
import { testApi } from './support/server';

/* Whoever is shown a model's answer with the identifiers back in it is in the chain, or is not shown it. */

const governed = governedRuns();
const { database } = governed;
const api = testApi(() => ({
  database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const SOLD = 'Sold 30 crates of eggs to Emeka Okafor for ₦45,000.';

async function run(note: string): Promise<string> {
  const { hand, id } = governed.world.farm;
  const runId = await governed.start(hand, 'farm.record', { note, occurred_at: '2026-11-24T08:00:00Z' });
  await governed.settled(id, runId);
  return runId;
}

interface Seen {
  readonly by: string;
  readonly body: Readonly<Record<string, unknown>>;
}

async function seen(runId: string): Promise<Seen[]> {
  const rows = await database.look<{ payload: string; by: string }>(
    `select payload, actor_user_id as by from core.audit_log
     where run_id = $1 and type = 'content.reidentified' order by seq`,
    [runId],
  );
  return rows.map(({ payload, by }) => ({ by, body: (JSON.parse(payload) as { body: Seen['body'] }).body }));
}

async function gateOf(runId: string): Promise<string> {
  const [gate] = await governed.gates(governed.world.farm.id, runId);
  if (gate === undefined) throw new Error('no gate');
  return gate.id;
}

const views: readonly (readonly [string, (by: Person, runId: string) => Promise<unknown>])[] = [
  ['the run', async (by, id) => (await api.ask(by, 'runs.get', { params: { id } })).body],
  ['the gate', async (by, id) => (await api.ask(by, 'gates.get', { params: { id: await gateOf(id) } })).body],
  ['the gates', async (by, id) => (await api.ask(by, 'gates.list', { query: { run_id: id } })).body],
];

describe.each(views)('%s', (_view, look) => {
  it('is shown with one event of who, which run, which contents and how many identifiers', async () => {
    const { owner, hand } = governed.world.farm;
    const runId = await run(SOLD);
    expect(await seen(runId)).toEqual([]);
    expect(JSON.stringify(await look(owner, runId))).toContain('Emeka Okafor');
    await look(owner, runId);
    await look(hand, runId);
    const events = await seen(runId);
    expect(events.map(({ by }) => by)).toEqual([owner.userId, hand.userId]);
    expect(events[0]?.body).toMatchObject({ tokens: '1', kinds: { person: '1' } });
    expect(events[0]?.body.content_ids).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain('Okafor');
  });

  it('is shown without an event where nothing was taken out', async () => {
    const runId = await run('Sold 30 crates of eggs for ₦45,000.');
    await look(governed.world.farm.owner, runId);
    expect(await seen(runId)).toEqual([]);
  });
});

it('a record counts as its proposal does', async () => {
  const { farm } = governed.world;
  const runId = await run(SOLD);
  const [gate] = await governed.gates(farm.id, runId);
  if (gate === undefined) throw new Error('no gate');
  await governed.decide(farm.owner, gate, 'approve');
  await governed.settled(farm.id, runId, ['closed']);
  const { body } = await api.ask(farm.hand, 'records.list', { query: { run_id: runId } });
  expect(body.items[0]?.payload).not.toBeNull();
  expect((await seen(runId)).map(({ by }) => by)).toEqual([farm.hand.userId]);
});

it('is not shown when the event can’t be written', async () => {
  const { owner } = governed.world.farm;
  const runId = await run(SOLD);
  await database.look('alter table core.reidentifications add constraint full_disk check (false) not valid');
  try {
    for (const path of [
      `/v1/runs/${runId}`,
      `/v1/gates/${await gateOf(runId)}`,
      `/v1/gates?run_id=${runId}`,
    ]) {
      const response = await api.raw(path, { headers: { authorization: `Bearer ${owner.token}` } });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('Okafor');
    }
  } finally {
    await database.look('alter table core.reidentifications drop constraint full_disk');
  }
  expect(await seen(runId)).toEqual([]);
  await api.ask(owner, 'runs.get', { params: { id: runId } });
  expect(await seen(runId)).toHaveLength(1);
});

it('is noted when a start waits for its answer', async () => {
  const { hand } = governed.world.farm;
  const { body } = await api.ask(hand, 'runs.create', {
    body: { purpose: 'farm.record', input: { note: SOLD, occurred_at: '2026-11-24T08:00:00Z' } },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  expect(body.proposals).toHaveLength(1);
  expect(await seen(body.id)).toHaveLength(1);
});
