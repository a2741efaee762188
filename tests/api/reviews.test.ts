import { randomUUID } from 'node:crypto';
import type { Review } from '../../contract/wire/review';
import { governedRuns } from '../support/governed';
import { addMember, changePolicy, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

let reviewer: Person;
let auditor: Person;

beforeAll(async () => {
  const { farm } = governed.world;
  reviewer = await addMember(governed.database, farm.id, ['reviewer']);
  auditor = await addMember(governed.database, farm.id, ['auditor']);
  await changePolicy(governed.database, farm.owner, {
    autonomy_tier: 'auto',
    auto_categories: ['feed_use'],
    auto_review_permille: 1000,
    undo_window_hours: 48,
  });
}, 120_000);

let bags = 3;

/** What was fed, as the system wrote it by itself and a reviewer finds it. */
async function acted(): Promise<Review> {
  bags += 1;
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: `Fed ${bags} bags of layer mash in House 2`,
    occurred_at: '2026-11-24T08:00:00Z',
  });
  expect(await governed.settled(farm.id, runId, ['closed'])).toMatchObject({ outcome: 'applied' });
  const { body } = await api.ask(reviewer, 'reviews.list', { query: { state: 'open', limit: 200 } });
  const found = body.items.find((one) => one.run_id === runId);
  if (found === undefined) throw new Error('the act was not drawn');
  return found;
}

async function undo(by: Person, recordId: string) {
  return await api.ask(by, 'records.undo', {
    params: { id: recordId },
    body: { reason: 'It was the other house.' },
    headers: { 'idempotency-key': randomUUID() },
  });
}

it('shows an act with its authority, window and rate, and its content to those who read content', async () => {
  const { owner } = governed.world.farm;
  const seen = await acted();
  expect(seen).toMatchObject({
    record_type: 'feed_use',
    authority_user_id: owner.userId,
    authority_policy_version: 2,
    rate_permille: 1000,
    state: 'open',
    verdict: null,
    undone_by: null,
  });
  expect(Date.parse(seen.undo_until) - Date.parse(seen.decided_at)).toBe(48 * 3_600_000);
  expect(seen.payload).not.toBeNull();
  const { body } = await api.ask(auditor, 'reviews.list', { query: { limit: 200 } });
  expect(body.items.find(({ id }) => id === seen.id)).toEqual({ ...seen, payload: null });
  const decision = await api.ask(auditor, 'decisions.get', { params: { id: seen.id } });
  expect(decision.body).toMatchObject({ actor_kind: 'system', undo_until: seen.undo_until });
});

it('takes one verdict, and whoever disagrees may undo the act by a decision of its own', async () => {
  const { farm } = governed.world;
  const seen = await acted();
  const said = await api.ask(reviewer, 'reviews.record', {
    params: { id: seen.id },
    body: { verdict: 'disagree', reason: 'It was the other house.' },
  });
  expect(said.body).toMatchObject({ state: 'closed', verdict: 'disagree', reviewed_by: reviewer.userId });
  const again = await api.refused(farm.owner, 'reviews.record', {
    params: { id: seen.id },
    body: { verdict: 'agree', reason_code: 'correct' },
  });
  expect(again.body).toMatchObject({
    code: 'review_closed',
    now: { verdict: 'disagree', actor_user_id: reviewer.userId },
  });

  const { body: run } = await undo(reviewer, seen.record_id);
  expect(await governed.settled(farm.id, run.id)).toMatchObject({ state: 'waiting' });
  const [gate] = await governed.gates(farm.id, run.id);
  if (gate === undefined) throw new Error('nobody is asked');
  await governed.decide(reviewer, gate, 'approve');
  await governed.settled(farm.id, run.id, ['closed']);
  const { body } = await api.ask(reviewer, 'reviews.list', { query: { verdict: 'disagree' } });
  const undone = body.items.find(({ id }) => id === seen.id);
  expect(undone?.undone_by).toEqual(expect.any(String));
  const drafts = await governed.database.look(
    'select status from core.assistant_drafts where tenant_id = $1 and proposal_id = $2',
    [farm.id, seen.proposal_id],
  );
  expect(drafts).toEqual([{ status: 'discarded' }]);
});

it('lets nobody undo an act after its window, by the policy that it was done under', async () => {
  const { farm } = governed.world;
  const { database } = governed;
  const seen = await acted();
  // A longer window from now on changes nothing of what was done before.
  await changePolicy(database, farm.owner, { undo_window_hours: 500 });
  await shiftClock('49 hours');
  try {
    const late = await api.refused(reviewer, 'records.undo', {
      params: { id: seen.record_id },
      body: { reason: 'It was the other house.' },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(late.body.code).toBe('undo_window_past');
  } finally {
    await shiftClock('0');
  }
  expect((await undo(reviewer, seen.record_id)).status).toBe(202);
});

async function shiftClock(by: string): Promise<void> {
  await governed.database.asOwner(null, (transaction) =>
    transaction.value('select app.shift_clock($1)', [by]),
  );
}
