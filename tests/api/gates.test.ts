import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from '../../contract/wire/gate';
import type { Decision } from '../../contract/wire/decision';
import { governedRuns } from '../support/governed';
import { addMember, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const packet = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'examples', 'packets', 'complete.json'), 'utf8'),
) as Record<string, unknown>;

/** Asks, waits until a gate is open, and returns the gates as the reviewer gets them. */
async function gatesOf(
  by: Person,
  reviewer: Person,
  purpose: string,
  input: Record<string, unknown>,
): Promise<Gate[]> {
  const { status, body } = await api.ask(by, 'runs.create', {
    body: { purpose, input },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  expect(status).toBe(200);
  expect(body.state).toBe('waiting');
  const list = await api.ask(reviewer, 'gates.list', { query: { run_id: body.id, state: 'open' } });
  const details = await Promise.all(
    list.body.items.map(({ id }) => api.ask(reviewer, 'gates.get', { params: { id } })),
  );
  return details.map(({ body: gate }) => gate);
}

let crates = 20;

/** A sale that waits for the owner; each of another number of crates, so that none is a duplicate. */
async function sale(): Promise<Gate> {
  const { hand, owner } = governed.world.farm;
  crates += 1;
  const [gate] = await gatesOf(hand, owner, 'farm.record', {
    note: `Sold ${crates} crates of eggs for ₦45,000`,
    occurred_at: '2026-11-24T08:00:00Z',
  });
  if (gate === undefined) throw new Error('the note gave no gate');
  return gate;
}

const bound = (gate: Gate) => ({
  gate_version: gate.version,
  proposal_hash: gate.proposal_hash,
  shown_hash: gate.shown_hash ?? '',
});

/** A gate as this person gets it now. */
async function shownTo(by: Person, { id }: Gate): Promise<Gate> {
  return (await api.ask(by, 'gates.get', { params: { id } })).body;
}

describe('GET /v1/gates/{id}', () => {
  it('shows the question, the record, its sources and what was asked', async () => {
    const gate = await sale();
    expect(gate).toMatchObject({
      state: 'open',
      record_type: 'sale',
      class: 'financial',
      manual: false,
      seats: 1,
    });
    expect(gate.question).toContain(`${crates} crates`);
    expect(gate.payload).toMatchObject({ total_minor: '4500000', currency: 'NGN' });
    expect(gate.sources.length).toBeGreaterThan(0);
    expect(gate.input).toHaveProperty('note');
  });

  it('hides content from an auditor and other people’s gates from a requester', async () => {
    const gate = await sale();
    const { farm } = governed.world;
    const auditor = await addMember(governed.database, farm.id, ['auditor']);
    const seen = await api.ask(auditor, 'gates.get', { params: { id: gate.id } });
    expect(seen.body).toMatchObject({
      question: null,
      payload: null,
      input: null,
      sources: [],
      shown_hash: null,
    });
    const other = await addMember(governed.database, farm.id, ['requester']);
    expect((await api.refused(other, 'gates.get', { params: { id: gate.id } })).body.code).toBe(
      'gate_not_found',
    );
  });
});

describe('POST /v1/gates/{id}/decisions', () => {
  it('approves: decision, record, and what was shown', async () => {
    const gate = await sale();
    const { owner } = governed.world.farm;
    const { status, body } = await api.ask(owner, 'gates.decide', {
      params: { id: gate.id },
      body: {
        verdict: 'approve',
        reason_code: gate.reason_codes[0],
        ...bound(gate),
      },
    });
    expect(status).toBe(200);
    const decision = body as Decision;
    expect(decision).toMatchObject({
      verdict: 'approve',
      actor_kind: 'human',
      actor_user_id: owner.userId,
      shown_hash: gate.shown_hash,
    });
    expect(decision.record_ids).toHaveLength(1);
    const records = await api.ask(owner, 'records.list', { query: { run_id: gate.run_id } });
    expect(records.body.items).toMatchObject([{ id: decision.record_ids[0], payload: gate.payload }]);
    expect((await api.ask(owner, 'decisions.get', { params: { id: decision.id } })).body).toEqual(decision);
    const intent = await api.ask(owner, 'intents.get', { params: { id: decision.intent_id ?? '' } });
    expect(intent.body).toMatchObject({ outcome: 'applied', decision_id: decision.id });
  });

  it('writes the record as it was edited, and refuses edits that are none of its type', async () => {
    const gate = await sale();
    const { owner } = governed.world.farm;
    const edits = { ...gate.payload, total_minor: '4600000', unit_price_minor: '153333' };
    const decide = {
      params: { id: gate.id },
      body: { verdict: 'approve' as const, reason_code: gate.reason_codes[0], ...bound(gate), edits },
    };
    const wrong = { ...decide, body: { ...decide.body, edits: { ...edits, total_minor: 4600000 } } };
    const refused = await api.refused(owner, 'gates.decide', wrong);
    expect(refused).toMatchObject({ status: 422, body: { code: 'edits_invalid' } });
    expect(refused.body.errors?.[0]?.pointer).toBe('/edits/total_minor');
    const { body } = await api.ask(owner, 'gates.decide', decide);
    expect(body).toMatchObject({ edits });
    const records = await api.ask(owner, 'records.list', { query: { run_id: gate.run_id } });
    expect(records.body.items).toMatchObject([{ payload: edits }]);
  });

  it('refuses what is stale and says what changed', async () => {
    const gate = await sale();
    const { owner } = governed.world.farm;
    const send = (over: object) =>
      api.refused(owner, 'gates.decide', {
        params: { id: gate.id },
        body: { verdict: 'reject', reason_code: gate.reason_codes[0], ...bound(gate), ...over },
      });
    const version = await send({ gate_version: 7 });
    expect(version).toMatchObject({
      status: 409,
      body: { code: 'gate_changed', changed: ['gate_version'], now: { gate_version: 1 } },
    });
    const hash = await send({ proposal_hash: 'a'.repeat(64) });
    expect(hash).toMatchObject({
      status: 409,
      body: {
        code: 'proposal_changed',
        changed: ['proposal_hash'],
        now: { proposal_hash: gate.proposal_hash },
      },
    });
    const shown = await send({ shown_hash: 'b'.repeat(64) });
    expect(shown).toMatchObject({ status: 409, body: { code: 'gate_changed', changed: ['shown_hash'] } });
    const outcomes = await governed.database.look('select from core.intents where gate_id = $1', [gate.id]);
    expect(outcomes).toEqual([]);
  });

  it('has one winner of two who decide at once, and names it to the other', async () => {
    const gate = await sale();
    const { farm } = governed.world;
    const second = await addMember(governed.database, farm.id, ['reviewer']);
    const send = async (by: Person, verdict: 'approve' | 'reject') =>
      await api.raw(`/v1/gates/${gate.id}/decisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${by.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          verdict,
          reason_code: gate.reason_codes[0],
          ...bound(await shownTo(by, gate)),
        }),
      });
    const answers = await Promise.all([send(farm.owner, 'approve'), send(second, 'reject')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = [...answers].sort((a, b) => a.status - b.status);
    const decision = (await winner?.json()) as Decision;
    expect(await loser?.json()).toMatchObject({
      code: 'gate_closed',
      now: {
        decision_id: decision.id,
        actor_user_id: decision.actor_user_id,
        gate_outcome: decision.verdict === 'approve' ? 'approved' : 'rejected',
      },
      changed: ['gate_outcome'],
    });
  });

  it('lets two people grant a privilege, and not the one who asked, nor one of them twice', async () => {
    const { hospital } = governed.world;
    const [first, second] = hospital.members;
    const [gate] = await gatesOf(hospital.staff, first, 'credentialing.privileging', packet);
    if (gate === undefined) throw new Error('no gate');
    const grant = (over: object = {}) => ({
      params: { id: gate.id },
      body: {
        verdict: 'approve' as const,
        disposition: 'grant' as const,
        rationale: 'All criteria are met.',
        ...bound(gate),
        ...over,
      },
    });
    expect((await api.refused(first, 'gates.decide', grant({ rationale: undefined }))).body.code).toBe(
      'rationale_required',
    );
    expect((await api.refused(first, 'gates.decide', grant({ disposition: undefined }))).body.code).toBe(
      'disposition_required',
    );
    expect((await api.refused(hospital.senior, 'gates.decide', grant())).body.code).toBe('role_missing');
    const early = bound(await shownTo(second, gate));
    const one = await api.ask(first, 'gates.decide', grant());
    expect(one).toMatchObject({
      status: 200,
      body: { verdict: 'approve', disposition: 'grant', rationale: 'All criteria are met.' },
    });
    expect((await api.refused(first, 'gates.decide', grant())).body.code).toBe('seat_taken');
    // What one saw before the other decided, and what the other one saw, are both another view.
    const stale = await api.refused(second, 'gates.decide', grant(early));
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'gate_changed', changed: ['decisions', 'shown_hash'] },
    });
    const foreign = await api.refused(second, 'gates.decide', grant(bound(await shownTo(first, gate))));
    expect(foreign.body).toMatchObject({ code: 'gate_changed', changed: ['shown_hash'] });
    const shown = await api.ask(second, 'gates.get', { params: { id: gate.id } });
    expect(shown.body).toMatchObject({
      seats: 2,
      seats_taken: 1,
      decisions: [{ actor_user_id: first.userId, rationale: 'All criteria are met.' }],
    });
    expect(shown.body.shown_hash).not.toBe(gate.shown_hash);
    const now = bound(shown.body);
    const other = await api.refused(
      second,
      'gates.decide',
      grant({ ...now, disposition: 'deny', rationale_parts: { basis: 'No case volume.' } }),
    );
    expect(other.body.code).toBe('disposition_differs');
    expect((await api.ask(second, 'gates.decide', grant(now))).status).toBe(200);
    const closed = await api.ask(second, 'gates.get', { params: { id: gate.id } });
    expect(closed.body).toMatchObject({ state: 'closed', outcome: 'approved', seats_taken: 2 });
  });
});

describe('acts on a gate', () => {
  it('is claimed by one, released by its holder, and commented on', async () => {
    const gate = await sale();
    const { farm } = governed.world;
    const params = { id: gate.id };
    const second = await addMember(governed.database, farm.id, ['reviewer']);
    const claimed = await api.ask(farm.owner, 'gates.claim', { params, body: { seconds: 60 } });
    expect(Date.parse(claimed.body.claimed_until)).toBeGreaterThan(Date.now());
    const other = await api.refused(second, 'gates.claim', { params });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'gate_claimed', now: { claimed_by: farm.owner.userId } },
    });
    expect((await api.ask(second, 'gates.release', { params })).body.released).toBe(false);
    expect((await api.ask(farm.owner, 'gates.release', { params })).body.released).toBe(true);
    expect((await api.ask(second, 'gates.claim', { params })).status).toBe(200);
    const comment = await api.ask(second, 'gates.comment', { params, body: { text: 'Which buyer?' } });
    expect(comment.status).toBe(201);
    const shown = await api.ask(farm.owner, 'gates.get', { params });
    expect(shown.body).toMatchObject({
      claimed_by: second.userId,
      comments: [{ text: 'Which buyer?', user_id: second.userId }],
    });
    expect(shown.body.shown_hash).toBe(gate.shown_hash);
  });

  it('says who could decide about it, and to the others why not', async () => {
    const gate = await sale();
    const { farm } = governed.world;
    const params = { id: gate.id };
    expect(gate.refusal).toBeNull();
    expect((await api.ask(farm.hand, 'gates.get', { params })).body.refusal).toBe('role_missing');
    const second = await addMember(governed.database, farm.id, ['reviewer']);
    const inbox = async (by: Person): Promise<string[]> => {
      const { body } = await api.ask(by, 'gates.list', { query: { decidable: 'true', limit: 200 } });
      return body.items.map(({ id }) => id);
    };
    expect(await inbox(second)).toContain(gate.id);
    await api.ask(second, 'gates.recuse', { params });
    expect((await api.ask(second, 'gates.get', { params })).body.refusal).toBe('recused');
    expect(await inbox(second)).not.toContain(gate.id);
    expect(await inbox(farm.owner)).toContain(gate.id);
  });

  it('gives no seat to who has declared a conflict', async () => {
    const gate = await sale();
    const second = await addMember(governed.database, governed.world.farm.id, ['reviewer']);
    await api.ask(second, 'gates.recuse', { params: { id: gate.id } });
    const refused = await api.refused(second, 'gates.decide', {
      params: { id: gate.id },
      body: { verdict: 'approve', reason_code: gate.reason_codes[0], ...bound(gate) },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'recused' } });
  });

  it('is withdrawn with its run', async () => {
    const gate = await sale();
    const { hand, owner } = governed.world.farm;
    await api.ask(hand, 'runs.withdraw', { params: { id: gate.run_id } });
    expect((await api.ask(owner, 'gates.get', { params: { id: gate.id } })).body.outcome).toBe('withdrawn');
    const late = await api.refused(owner, 'gates.decide', {
      params: { id: gate.id },
      body: { verdict: 'approve', reason_code: gate.reason_codes[0], ...bound(gate) },
    });
    expect(late).toMatchObject({
      status: 409,
      body: { code: 'gate_closed', now: { gate_outcome: 'withdrawn' } },
    });
  });
});
