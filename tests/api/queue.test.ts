import { randomUUID } from 'node:crypto';
import type { Gate } from '../../contract/wire/gate';
import { governedRuns } from '../support/governed';
import { addMember, changePolicy, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

let rival: Person;
let houses = 0;
beforeAll(async () => {
  const { farm } = governed.world;
  rival = await addMember(governed.database, farm.id, ['reviewer']);
  // So that routine records wait for a person too.
  await changePolicy(governed.database, farm.owner, { autonomy_tier: 'draft', auto_categories: [] });
});

/** The gates of what a note says, as this reviewer gets them. */
async function gatesOf(note: string, reviewer: Person): Promise<Gate[]> {
  const { hand } = governed.world.farm;
  const { body } = await api.ask(hand, 'runs.create', {
    body: { purpose: 'farm.record', input: { note, occurred_at: '2026-11-24T08:00:00Z' } },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  const { items } = (await api.ask(reviewer, 'gates.list', { query: { run_id: body.id } })).body;
  return await Promise.all(items.map(({ id }) => gateOf(reviewer, id)));
}

async function gateOf(by: Person, id: string): Promise<Gate> {
  return (await api.ask(by, 'gates.get', { params: { id } })).body;
}

async function water(): Promise<Gate> {
  houses += 1;
  const [gate] = await gatesOf(`House 1 drank ${200 + houses} litres of water`, governed.world.farm.owner);
  if (gate === undefined) throw new Error('the note gave no gate');
  return gate;
}

const bound = (gate: Gate) => ({
  gate_id: gate.id,
  gate_version: gate.version,
  proposal_hash: gate.proposal_hash,
  shown_hash: gate.shown_hash ?? '',
});

describe('POST /v1/decisions', () => {
  const together = (gates: readonly Gate[], key = randomUUID()) => ({
    body: { verdict: 'approve' as const, reason_code: 'correct', gates: gates.map(bound) },
    headers: { 'idempotency-key': key },
  });

  it('applies one verdict to each gate as a decision of its own, once under one key', async () => {
    const { owner } = governed.world.farm;
    const gates = [await water(), await water(), await water()];
    const [stale] = gates as [Gate];
    await api.ask(rival, 'gates.ask', { params: { id: stale.id }, body: { text: 'Which house?' } });
    const sent = together(gates);
    const { body } = await api.ask(owner, 'decisions.create', sent);
    expect(body.items.map(({ status, code }) => [status, code])).toEqual([
      [409, 'gate_changed'],
      [200, null],
      [200, null],
    ]);
    expect(body.items[0]?.changed).toEqual(['questions', 'shown_hash']);
    const again = await api.ask(owner, 'decisions.create', sent);
    expect(again.body).toEqual(body);
    for (const { decision_id: id } of body.items.slice(1)) {
      const decision = (await api.ask(owner, 'decisions.get', { params: { id: id ?? '' } })).body;
      expect(decision).toMatchObject({ verdict: 'approve', actor_user_id: owner.userId });
      expect(decision.record_ids).toHaveLength(1);
    }
  }, 60_000);

  it('decides nothing when one of them is protected, and says which', async () => {
    const { owner } = governed.world.farm;
    const routine = await water();
    const [sale] = await gatesOf('Sold 61 crates of eggs for ₦90,000', owner);
    const refused = await api.refused(owner, 'decisions.create', together([routine, sale as Gate]));
    expect(refused).toMatchObject({ status: 422, body: { code: 'not_decided_together' } });
    expect(refused.body.errors).toEqual([
      { pointer: '/gates/1', message: expect.stringContaining('protected') as string },
    ]);
    expect((await gateOf(owner, routine.id)).state).toBe('open');
    const tooMany = {
      ...together([]),
      body: { ...together([]).body, gates: Array(101).fill(bound(routine)) },
    };
    expect((await api.refused(owner, 'decisions.create', tooMany)).body.code).toBe('input_invalid');
  }, 60_000);
});

describe('a gate that people work on', () => {
  it('shows its holder, is renewed by them alone, and names the thief to who comes too late', async () => {
    const { owner } = governed.world.farm;
    const params = { id: (await water()).id };
    await api.ask(rival, 'gates.claim', { params });
    expect((await gateOf(owner, params.id)).claimed_by).toBe(rival.userId);
    const body = { from: rival.userId, reason: 'She has gone home.' };
    await api.ask(owner, 'gates.steal', { params, body });
    const lost = await api.refused(rival, 'gates.renew', { params });
    expect(lost).toMatchObject({
      status: 409,
      body: { code: 'claim_lost', now: { claimed_by: owner.userId } },
    });
    expect((await gateOf(rival, params.id)).handovers).toMatchObject([
      { act: 'stolen', from_user_id: rival.userId, by_user_id: owner.userId, reason: 'She has gone home.' },
    ]);
    const given = { to: rival.userId, reason: 'You are back.' };
    expect((await api.ask(owner, 'gates.reassign', { params, body: given })).body.claimed_by).toBe(
      rival.userId,
    );
    const mine = await api.ask(rival, 'gates.list', { query: { claimed_by: 'me' } });
    expect(mine.body.items.map(({ id }) => id)).toEqual([params.id]);
    // A claim is a courtesy: the verdict of another person goes through.
    const seen = await gateOf(owner, params.id);
    const { gate_id: _of, ...view } = bound(seen);
    const decided = await api.ask(owner, 'gates.decide', {
      params,
      body: { verdict: 'reject', reason_code: seen.reason_codes[1], ...view },
    });
    expect(decided.status).toBe(200);
  }, 60_000);

  it('waits for its requester, hides words from an auditor, and is no gate to another requester', async () => {
    const { farm } = governed.world;
    const { owner, hand } = farm;
    const params = { id: (await water()).id };
    const asked = await api.ask(owner, 'gates.ask', { params, body: { text: 'Which house?' } });
    const waiting = await api.ask(owner, 'gates.list', { query: { waiting_for: 'requester' } });
    expect(waiting.body.items.map(({ id }) => id)).toContain(params.id);
    const stranger = await addMember(governed.database, farm.id, ['requester']);
    const body = { question_id: asked.body.id, text: 'House 1.' };
    expect((await api.refused(stranger, 'gates.answer', { params, body })).body.code).toBe('gate_not_found');
    expect((await api.refused(rival, 'gates.answer', { params, body })).body.code).toBe('not_the_requester');
    await api.ask(hand, 'gates.answer', { params, body });
    expect((await api.refused(hand, 'gates.answer', { params, body })).body.code).toBe('question_answered');
    expect((await gateOf(hand, params.id)).questions).toMatchObject([
      { question: 'Which house?', answer: 'House 1.', answered_by: hand.userId },
    ]);
    const auditor = await addMember(governed.database, farm.id, ['auditor']);
    expect((await gateOf(auditor, params.id)).questions).toMatchObject([{ question: null, answer: null }]);
  }, 60_000);

  it('names what it may be a duplicate of, and when that was proposed', async () => {
    const { owner } = governed.world.farm;
    const note = 'House 2 drank 777 litres of water';
    const [first] = await gatesOf(note, owner);
    const [second] = await gatesOf(note, owner);
    expect(second?.possible_duplicate_of).toBe(first?.proposal_id);
    expect(Date.parse(second?.possible_duplicate_at ?? '')).toBeLessThan(Date.now());
  }, 60_000);
});
