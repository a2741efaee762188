import { randomUUID } from 'node:crypto';
import { ProviderError, type CompletionRequest, type Provider } from '../../contract/model';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { createProviders } from '../../activities/gateway/create-providers';
import { governedRuns } from '../support/governed';
import { addMember, addTenant, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

/** The local provider, which a note can bring to be down, or to answer with a record that nobody wrote. */
function moody(): Provider {
  const local = createProviders().get('local');
  if (local === undefined) throw new Error('no local provider');
  return {
    ...local,
    async complete(request: CompletionRequest) {
      if (request.prompt.user.includes('nobody answers'))
        throw new ProviderError('model_refused', 'fail', false);
      const answer = await local.complete(request);
      if (!request.prompt.user.includes('something else')) return answer;
      const invented = {
        record_type: 'sale',
        payload: {
          item: 'eggs',
          quantity: '99',
          unit: 'crate',
          total_minor: '123456700',
          currency: 'NGN',
          occurred_on: '2026-11-24',
        },
        confidence_permille: 1000,
        sources: [],
        missing: [],
      };
      return {
        ...answer,
        output: { proposals: [invented], confidence_permille: 1000, confidence_origin: 'invented' },
      };
    },
  };
}

beforeAll(async () => {
  await governed.startWorker({ providers: { local: moody() } });
}, 60_000);

const wait = () => ({ 'idempotency-key': randomUUID(), prefer: 'wait=20' });

async function note(by: Person, text: string): Promise<Run> {
  const { body } = await api.ask(by, 'runs.create', {
    body: { purpose: 'farm.record', input: { note: text, occurred_at: '2026-11-24T08:00:00Z' } },
    headers: wait(),
  });
  return body;
}

async function openGate(by: Person, run: Run): Promise<Gate> {
  const { body } = await api.ask(by, 'gates.list', { query: { run_id: run.id, state: 'open' } });
  const [gate] = body.items;
  if (gate === undefined) throw new Error('the run has no open gate');
  return (await api.ask(by, 'gates.get', { params: { id: gate.id } })).body;
}

const bound = (gate: Gate) => ({
  gate_version: gate.version,
  proposal_hash: gate.proposal_hash,
  shown_hash: gate.shown_hash ?? '',
  reason_code: gate.reason_codes[0],
});
const DEATHS = { count: 12, occurred_on: '2026-11-24', species: 'broilers', place: 'House 3' };

describe('model calls', () => {
  it('are one row each, with prompt and answer for who may read them', async () => {
    const { hand, owner, id } = governed.world.farm;
    const run = await note(hand, 'Sold 7 crates of eggs for ₦21,000');
    const { body: calls } = await api.ask(owner, 'runs.calls', { params: { id: run.id } });
    expect(calls.items).toMatchObject([
      { kind: 'primary', billed: true, status: 'succeeded', attempts: '1', made_by_run_id: run.id },
    ]);
    const params = { id: calls.items[0]?.id ?? '' };
    const { body: call } = await api.ask(owner, 'calls.get', { params });
    expect(call.prompt).toContain('7 crates');
    expect(JSON.parse(call.output ?? '{}')).toHaveProperty('proposals');
    expect(call.attempts_made).toMatchObject([
      { attempt: 1, state: 'answered', cost_nano_usd: call.cost_nano_usd },
    ]);
    expect((await api.ask(hand, 'calls.get', { params })).body.output).toBe(call.output);
    const auditor = await addMember(governed.database, id, ['auditor']);
    expect((await api.ask(auditor, 'calls.get', { params })).body).toMatchObject({
      prompt: null,
      output: null,
      output_hash: call.output_hash,
    });
    const other = await addMember(governed.database, id, ['requester']);
    expect((await api.refused(other, 'calls.get', { params })).status).toBe(404);
  });

  it('are shared by equal texts, and billed to the first', async () => {
    const { hand, owner } = governed.world.farm;
    const text = 'Sold 8 crates of eggs for ₦24,000';
    const first = await note(hand, text);
    const second = await note(hand, text);
    expect(second.id).not.toBe(first.id);
    const { body: calls } = await api.ask(owner, 'runs.calls', { params: { id: second.id } });
    expect(calls.items).toMatchObject([{ billed: false, made_by_run_id: first.id }]);
    expect(second.proposals[0]?.possible_duplicate_of).toBe(first.proposals[0]?.id);
  });

  it('tell a requester nothing of another person’s run, and tell those who oversee', async () => {
    const { hand, owner, id } = governed.world.farm;
    const other = await addMember(governed.database, id, ['requester']);
    const text = 'Sold 18 crates of eggs for ₦54,000';
    const first = await note(hand, text);
    const second = await note(other, text);
    const duplicate = first.proposals[0]?.id;
    expect(second.proposals[0]?.possible_duplicate_of).toBeNull();
    const params = { id: second.id };
    const gateOf = async (by: Person) =>
      (await api.ask(by, 'gates.list', { query: { run_id: second.id } })).body.items[0];
    expect((await gateOf(other))?.possible_duplicate_of).toBeNull();
    const { body: calls } = await api.ask(other, 'runs.calls', { params });
    const untold = {
      billed: null,
      made_by_run_id: null,
      requested_by: null,
      claimed_at: null,
      finished_at: null,
    };
    expect(calls.items).toMatchObject([untold]);
    const call = { id: calls.items[0]?.id ?? '' };
    const { body: mine } = await api.ask(other, 'calls.get', { params: call });
    expect(mine).toMatchObject({ ...untold, attempts_made: [] });
    expect(JSON.stringify([calls, mine, second])).not.toContain(first.id);
    expect(JSON.stringify([calls, mine, second])).not.toContain(hand.userId);
    const told = { billed: false, made_by_run_id: first.id, requested_by: hand.userId };
    for (const role of ['reviewer', 'senior', 'admin', 'auditor', 'operator'] as const) {
      const one = await addMember(governed.database, id, [role]);
      expect((await api.ask(one, 'runs.calls', { params })).body.items).toMatchObject([told]);
      expect((await api.ask(one, 'calls.get', { params: call })).body.requested_by).toBe(hand.userId);
      expect((await gateOf(one))?.possible_duplicate_of).toBe(duplicate);
      const { body: run } = await api.ask(one, 'runs.get', { params });
      expect(run.proposals[0]?.possible_duplicate_of).toBe(duplicate);
    }
    expect((await api.ask(owner, 'runs.calls', { params: { id: first.id } })).body.items[0]?.billed).toBe(
      true,
    );
  });

  it('whose answer an eval blocks show it to nobody', async () => {
    const { hand, owner } = governed.world.farm;
    const run = await note(hand, 'Sold 9 crates of eggs and something else');
    expect(run.advisory).toBe('blocked');
    expect(JSON.stringify(run)).not.toContain('123456700');
    const gate = await openGate(owner, run);
    expect(gate).toMatchObject({ manual: true, advisory: 'blocked' });
    const { body: calls } = await api.ask(owner, 'runs.calls', { params: { id: run.id } });
    const { body: call } = await api.ask(owner, 'calls.get', { params: { id: calls.items[0]?.id ?? '' } });
    expect(call.prompt).toContain('something else');
    expect(call.output).toBeNull();
    expect(call.output_hash).not.toBeNull();
  });
});

describe('a manual gate', () => {
  it('opens when no model answers, and a person writes the whole record', async () => {
    const { hand, owner } = governed.world.farm;
    const run = await note(hand, '12 broilers died in House 3, nobody answers');
    expect(run).toMatchObject({ state: 'waiting', advisory: 'unavailable' });
    const gate = await openGate(owner, run);
    expect(gate).toMatchObject({
      manual: true,
      question: expect.stringContaining('AI advisory unavailable, proceed manually') as string,
      record_types: [
        'expense',
        'feed_use',
        'mortality',
        'note',
        'sale',
        'symptom',
        'task',
        'water',
        'weight',
      ],
    });
    const params = { id: gate.id };
    const without = await api.refused(owner, 'gates.decide', {
      params,
      body: { verdict: 'approve', record_type: 'mortality', ...bound(gate) },
    });
    expect(without.body.code).toBe('edits_required');
    const decided = await api.ask(owner, 'gates.decide', {
      params,
      body: { verdict: 'approve', record_type: 'mortality', ...bound(gate), edits: DEATHS },
    });
    expect(decided).toMatchObject({
      status: 200,
      body: { manual: true, ai_advisory_id: null, edits: DEATHS },
    });
    const { body: records } = await api.ask(owner, 'records.list', { query: { run_id: run.id } });
    expect(records.items).toMatchObject([{ record_type: 'mortality', payload: DEATHS }]);
  });

  it('lets whoever decides choose the record type, and judges the record as one of that type', async () => {
    const { hand, owner } = governed.world.farm;
    const run = await note(hand, 'Bought 20 bags of layer mash, nobody answers');
    const gate = await openGate(owner, run);
    // The terms are those of the strictest type, whatever is chosen; no field of any type is said to be open.
    expect(gate).toMatchObject({ record_type: 'mortality', class: 'destructive', missing: [] });
    const params = { id: gate.id };
    const bought = {
      item: 'layer mash',
      quantity: '20',
      unit: 'bag',
      total_minor: '36000000',
      currency: 'NGN',
      occurred_on: '2025-11-10',
    };
    const refused = async (words: { record_type?: string; edits: Record<string, unknown> }) => {
      const body = { verdict: 'approve' as const, ...bound(gate), ...words };
      return (await api.refused(owner, 'gates.decide', { params, body })).body;
    };
    expect(await refused({ edits: bought })).toMatchObject({ code: 'record_type_required' });
    expect(await refused({ record_type: 'memory', edits: bought })).toMatchObject({
      code: 'record_type_not_offered',
    });
    expect(await refused({ record_type: 'sale', edits: DEATHS })).toMatchObject({ code: 'edits_invalid' });
    expect(await refused({ record_type: 'mortality', edits: bought })).toMatchObject({
      code: 'edits_invalid',
    });
    const decided = await api.ask(owner, 'gates.decide', {
      params,
      body: { verdict: 'approve', ...bound(gate), record_type: 'expense', edits: bought },
    });
    expect(decided).toMatchObject({
      status: 200,
      body: { manual: true, record_type: 'expense', class: 'financial', edits: bought },
    });
    const { body: records } = await api.ask(owner, 'records.list', { query: { run_id: run.id } });
    expect(records.items).toMatchObject([{ record_type: 'expense', payload: bought }]);
    const { body: closed } = await api.ask(owner, 'gates.get', { params });
    expect(closed).toMatchObject({ outcome: 'approved', decisions: [{ record_type: 'expense' }] });
  });
});

describe('POST /v1/runs/{id}/by-hand', () => {
  it('records what was refused: no call, no credit, one manual gate of the chosen type', async () => {
    const tenant = await addTenant(
      governed.database,
      governed.world.platformAdmin,
      'farm',
      { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] },
      0n,
    );
    const person = await addMember(governed.database, tenant, ['admin', 'reviewer']);
    const asked = await api.refused(person, 'runs.create', {
      body: {
        purpose: 'farm.record',
        input: { note: 'Sold 30 crates of eggs for ₦45,000', occurred_at: '2026-11-24T08:00:00Z' },
      },
      headers: wait(),
    });
    expect(asked.body).toMatchObject({ code: 'credits_exhausted' });
    const params = { id: asked.body.run_id ?? '' };
    const wrong = await api.refused(person, 'runs.by_hand', {
      params,
      body: { record_type: 'privilege_grant' },
      headers: wait(),
    });
    expect(wrong.body.code).toBe('record_type_unknown');

    const headers = wait();
    const { body: run } = await api.ask(person, 'runs.by_hand', {
      params,
      body: { record_type: 'sale' },
      headers,
    });
    expect(run).toMatchObject({
      state: 'waiting',
      by_hand_of: params.id,
      calls: '0',
      credits: { reserved: '0' },
    });
    expect(
      (await api.ask(person, 'runs.by_hand', { params, body: { record_type: 'sale' }, headers })).body.id,
    ).toBe(run.id);
    const gate = await openGate(person, run);
    expect(gate).toMatchObject({ record_type: 'sale', class: 'financial', manual: true });
    const sold = {
      item: 'eggs',
      quantity: '30',
      unit: 'crate',
      total_minor: '4500000',
      currency: 'NGN',
      occurred_on: '2026-11-24',
    };
    const decided = await api.ask(person, 'gates.decide', {
      params: { id: gate.id },
      body: { verdict: 'approve', ...bound(gate), edits: sold },
    });
    expect(decided.body).toMatchObject({ verdict: 'approve', manual: true });
    const { outcome } = (await governed.handle(run.id).result()) as { outcome: string };
    expect(outcome).toBe('approved');
    const { body: records } = await api.ask(person, 'records.list', {});
    expect(records.items).toMatchObject([{ record_type: 'sale', payload: sold }]);
    const { body: evidence } = await api.ask(person, 'evidence.get');
    expect(evidence.checks.filter(({ holds }) => !holds)).toEqual([]);
    const closed = await api.refused(person, 'runs.by_hand', {
      params: { id: run.id },
      body: { record_type: 'sale' },
      headers: wait(),
    });
    expect(closed.body.code).toBe('not_resendable');
  });
});
