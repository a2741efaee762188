import { randomUUID } from 'node:crypto';
import { applyPatch, type Operation } from 'rfc6902';
import type { Decision } from '../../contract/wire/decision';
import type { Gate } from '../../contract/wire/gate';
import type { Problem } from '../../contract/wire/problem';
import { governedRuns } from '../support/governed';
import { changePolicy, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

let crates = 200;

async function sale(): Promise<Gate> {
  crates += 1;
  const { hand, owner } = governed.world.farm;
  const { body: run } = await api.ask(hand, 'runs.create', {
    body: {
      purpose: 'farm.record',
      input: { note: `Sold ${crates} crates of eggs for ₦45,000`, occurred_at: '2026-11-24T08:00:00Z' },
    },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  return await gateOf(owner, run.id);
}

async function gateOf(by: Person, runId: string): Promise<Gate> {
  const { body } = await api.ask(by, 'gates.list', { query: { run_id: runId, state: 'open' } });
  const id = body.items[0]?.id ?? '';
  return (await api.ask(by, 'gates.get', { params: { id } })).body;
}

const bound = (gate: Gate) => ({
  gate_version: gate.version,
  proposal_hash: gate.proposal_hash,
  shown_hash: gate.shown_hash ?? '',
});

async function approve(gate: Gate, words: object): Promise<Decision> {
  const { status, body } = await api.ask(governed.world.farm.owner, 'gates.decide', {
    params: { id: gate.id },
    body: { ...bound(gate), verdict: 'approve', reason_code: 'correct', ...words },
  });
  expect(status).toBe(200);
  return body as Decision;
}

const refusal: (...asked: Parameters<typeof api.refused>) => Promise<Problem> = async (...asked) =>
  (await api.refused(...asked)).body;

async function refused(gate: Gate, words: object) {
  return await refusal(governed.world.farm.owner, 'gates.decide', {
    params: { id: gate.id },
    body: { ...bound(gate), verdict: 'approve', reason_code: 'correct', ...words },
  });
}

it('shows amounts in the tenant’s currency, and takes them so', async () => {
  const gate = await sale();
  expect(gate.amounts).toEqual({ total: '₦45,000.00' });
  const { total_minor: _minor, ...rest } = gate.payload ?? {};
  const decision = await approve(gate, { edits: { ...rest, total: '₦12,500.50' } });
  expect(decision.edits).toMatchObject({ total_minor: '1250050' });
  const { body } = await api.ask(governed.world.farm.owner, 'records.list', {
    query: { run_id: gate.run_id },
  });
  expect(body.items[0]?.payload).toMatchObject({ total_minor: '1250050' });
});

it.each([
  ['12.500,50', 'write a sum of NGN like 12,500.50'],
  ['$12,500.50', 'write a sum of NGN like 12,500.50'],
  ['12,500.505', 'NGN has 2 decimal places'],
])('says what is wrong with a sum of %s', async (total, message) => {
  const gate = await sale();
  const { total_minor: _minor, ...rest } = gate.payload ?? {};
  expect(await refused(gate, { edits: { ...rest, total } })).toMatchObject({
    code: 'edits_invalid',
    errors: [{ pointer: '/edits/total', message }],
  });
});

it('keeps original and edit, and shows the patch between them as it follows from what is stored', async () => {
  const gate = await sale();
  const edits = { ...gate.payload, quantity: '31', buyer: 'Market' };
  const decision = await approve(gate, { edits });
  expect(decision.original).toEqual(gate.payload);
  expect(decision.patch).toEqual(
    expect.arrayContaining([
      { op: 'replace', path: '/quantity', value: '31' },
      expect.objectContaining({ path: '/buyer', value: 'Market' }),
    ]),
  );
  const patched = { ...decision.original };
  expect(applyPatch(patched, (decision.patch ?? []) as Operation[])).toEqual(
    (decision.patch ?? []).map(() => null),
  );
  expect(patched).toEqual(decision.edits);
  const [listed] = (
    await api.ask(governed.world.farm.owner, 'decisions.list', { query: { run_id: gate.run_id } })
  ).body.items;
  expect(listed?.patch).toEqual(decision.patch);
});

describe('an edit that an eval blocks', () => {
  /** A licence that was read from a document, before a member of the committee. */
  async function licence(): Promise<Gate> {
    const { staff, members } = governed.world.hospital;
    const example = governed.world.registry.latestPurpose('credentialing.extraction')?.example;
    const { body: run } = await api.ask(staff, 'runs.create', {
      body: { purpose: 'credentialing.extraction', input: { ...example } },
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
    });
    const { body } = await api.ask(members[0], 'gates.list', { query: { run_id: run.id, state: 'open' } });
    const listed = body.items.find((one) => one.payload?.kind === 'licence');
    return (await api.ask(members[0], 'gates.get', { params: { id: listed?.id ?? '' } })).body;
  }

  const value = (gate: Gate, changes: object): object => ({
    ...gate.payload,
    value: { ...(gate.payload?.value as object), ...changes },
  });

  it('is refused with the eval’s name and reason, and one that stands in the document is not', async () => {
    const gate = await licence();
    const [member] = governed.world.hospital.members;
    const words = { ...bound(gate), verdict: 'approve' as const, rationale: 'As the page says.' };
    const edits = value(gate, { number: 'FICTION-0002' }) as Record<string, unknown>;
    expect(
      await refusal(member, 'gates.decide', { params: { id: gate.id }, body: { ...words, edits } }),
    ).toMatchObject({
      code: 'edits_blocked',
      evals: [
        {
          name: 'credentialing.read_as_written',
          reason: 'A value is not in the words that are cited for it.',
        },
      ],
    });
    // Nothing was stored, also where the same edit is to be proved for first.
    const proof = { gate_id: gate.id, key: member.token, decision: { ...words, edits } };
    expect(await refusal(member, 'reauthentications.create', { body: proof })).toMatchObject({
      code: 'edits_blocked',
    });
    const { status, body } = await api.ask(member, 'gates.decide', {
      params: { id: gate.id },
      body: { ...words, edits: value(gate, { status: 'inactive' }) as Record<string, unknown> },
    });
    expect(status).toBe(200);
    expect((body as Decision).patch).toEqual([{ op: 'replace', path: '/value/status', value: 'inactive' }]);
  });

  it('is none where it only differs from how a model read the note', async () => {
    const gate = await sale();
    const decision = await approve(gate, { edits: { ...gate.payload, quantity: '777' } });
    expect(decision.edits).toMatchObject({ quantity: '777' });
  });
});

it('takes no patch of the caller’s, and shows none where nothing was edited', async () => {
  const gate = await sale();
  expect(await refused(gate, { patch: [] })).toMatchObject({ code: 'input_invalid' });
  const decision = await approve(gate, {});
  expect([decision.edits, decision.original, decision.patch]).toEqual([null, null, null]);
});

it('signs with meaning, printed name and time, bound to what was shown', async () => {
  const gate = await sale();
  const decision = await approve(gate, {});
  const { owner } = governed.world.farm;
  const me = (await api.ask(owner, 'me.get')).body;
  expect(decision.signature).toEqual({
    printed_name: me.member.display_name,
    meaning: 'approval',
    signed_at: decision.stored_at,
    proposal_hash: gate.proposal_hash,
    shown_hash: gate.shown_hash,
    reauthenticated_at: null,
  });
});

describe('where the tenant asks for a proof', () => {
  const { farm } = { farm: () => governed.world.farm };

  beforeAll(async () => {
    await changePolicy(governed.database, farm().owner, { reauthenticate_protected_minutes: 5 });
  });
  afterAll(async () => {
    await changePolicy(governed.database, farm().owner, { reauthenticate_protected_minutes: null });
  });

  async function prove(gate: Gate, decision: object, key = farm().owner.token) {
    return await api.ask(farm().owner, 'reauthentications.create', {
      body: { gate_id: gate.id, key, decision: { ...bound(gate), verdict: 'approve', ...decision } as never },
    });
  }

  it('asks for it, takes one that was made for this very verdict, and says when it was made', async () => {
    const gate = await sale();
    expect(gate.reauthenticate_minutes).toBe(5);
    expect(await refused(gate, {})).toMatchObject({ code: 'reauthentication_required' });
    const { status, body } = await prove(gate, {
      reason_code: 'correct',
      edits: { ...gate.payload, quantity: '9' },
    });
    expect(status).toBe(201);
    const swapped = { edits: { ...gate.payload, quantity: '900' }, proof: body.proof };
    expect(await refused(gate, swapped)).toMatchObject({ code: 'reauthentication_invalid' });
    const decision = await approve(gate, { edits: { ...gate.payload, quantity: '9' }, proof: body.proof });
    expect(decision.signature?.reauthenticated_at).not.toBeNull();
    expect(await refused(gate, { proof: body.proof })).toMatchObject({ code: 'gate_closed' });
  });

  it('takes no other key than the one that the request comes with', async () => {
    const gate = await sale();
    const decision = { ...bound(gate), verdict: 'approve' as const, reason_code: 'correct' };
    for (const key of [farm().hand.token, 'cs_nothing', `${farm().owner.token.slice(0, -1)}-`])
      expect(
        await refusal(farm().owner, 'reauthentications.create', {
          body: { gate_id: gate.id, key, decision },
        }),
      ).toMatchObject({ code: 'key_wrong' });
  });
});

it('refuses a verdict on a gate that a policy has changed, names what, and shows it in the gate', async () => {
  const { owner } = governed.world.farm;
  const gate = await sale();
  await changePolicy(governed.database, owner, { reauthenticate_protected_minutes: 7 });
  expect(await refused(gate, {})).toMatchObject({
    code: 'gate_changed',
    now: { gate_version: 2 },
    changed: expect.arrayContaining(['gate_version', 'reauthenticate_minutes']) as string[],
  });
  // What was refused is committed: the gate is the next version without any sweep.
  const now = (await api.ask(owner, 'gates.get', { params: { id: gate.id } })).body;
  expect(now).toMatchObject({ version: 2, reauthenticate_minutes: 7 });
  expect(now.versions).toEqual([
    expect.objectContaining({ version: 2, cause: 'policy', changed: ['reauthenticate_minutes'] }),
  ]);
  await changePolicy(governed.database, owner, { reauthenticate_protected_minutes: null });
});

describe('a record that was written', () => {
  async function written(): Promise<{ id: string; gate: Gate }> {
    const gate = await sale();
    const decision = await approve(gate, {});
    return { id: decision.record_ids[0] ?? '', gate };
  }

  async function ask(by: Person, name: 'records.correct' | 'records.undo', id: string, body: object) {
    const { body: run } = await api.ask(by, name, {
      params: { id },
      body: body as never,
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
    });
    return run;
  }

  it('is corrected by another one, through a gate of its own', async () => {
    const { owner, hand } = governed.world.farm;
    const { id, gate } = await written();
    const { total_minor: _minor, ...rest } = gate.payload ?? {};
    const payload = { ...rest, total: '44,000' };
    const run = await ask(hand, 'records.correct', id, { payload, reason: 'The slip says 44,000.' });
    expect(run).toMatchObject({ compensates_record_id: id, compensation_act: 'correct', calls: '0' });
    const asked = await gateOf(owner, run.id);
    expect(asked).toMatchObject({
      manual: true,
      compensation_act: 'correct',
      record_types: [],
      payload: { total_minor: '4400000' },
      input: { reason: 'The slip says 44,000.', act: 'correct' },
    });
    expect(asked.question).toMatch(/^Correct a record: Record the sale of .* for ₦44,000\.00\?/);
    const decision = await approve(asked, {});
    const { body } = await api.ask(owner, 'records.list', { query: { record_type: 'sale' } });
    const before = body.items.find((one) => one.id === id);
    const after = body.items.find((one) => one.id === decision.record_ids[0]);
    expect(before).toMatchObject({ corrected_by: after?.id, payload: { total_minor: '4500000' } });
    expect(after).toMatchObject({ corrects: id, payload: { total_minor: '4400000' } });
    const { body: standing } = await api.ask(owner, 'records.list', { query: { standing: 'true' } });
    expect(standing.items.map((one) => one.id)).toEqual(expect.arrayContaining([after?.id]));
    expect(standing.items.map((one) => one.id)).not.toContain(id);
  });

  it('is undone, once, and the edit of a correction is kept with its patch', async () => {
    const { owner, hand } = governed.world.farm;
    const { id } = await written();
    const run = await ask(hand, 'records.undo', id, { reason: 'Counted twice.' });
    const asked = await gateOf(owner, run.id);
    expect(asked.question).toMatch(/^Undo a record: /);
    const again = await refusal(owner, 'records.undo', {
      params: { id },
      body: { reason: 'Mine too.' },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(again).toMatchObject({ code: 'compensation_open', now: { run_id: run.id } });
    await approve(asked, {});
    const { body } = await api.ask(owner, 'records.list', { query: { record_type: 'sale' } });
    expect(body.items.find((one) => one.id === id)?.undone_by).not.toBeNull();
  });

  it('is told of to nobody else', async () => {
    const { id } = await written();
    const { hospital } = governed.world;
    expect(
      await refusal(hospital.staff, 'records.undo', {
        params: { id },
        body: { reason: 'x1' },
        headers: { 'idempotency-key': randomUUID() },
      }),
    ).toMatchObject({ code: 'record_not_found' });
  });
});
