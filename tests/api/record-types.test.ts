import { randomUUID } from 'node:crypto';
import { definePack, type Purpose, type RecordType } from '../../contract/pack';
import type { DecisionRequest } from '../../contract/wire/decision';
import type { Gate } from '../../contract/wire/gate';
import { farmPack } from '../../packs/farm/pack';
import { downProvider } from '../support/down-provider';
import { governedRuns } from '../support/governed';
import { addMember, type Person } from '../support/world';
import { testApi } from './support/server';

const record = farmPack.purposes.find(({ name }) => name === 'farm.record') as Purpose;
const typeNamed = (name: string): RecordType =>
  farmPack.recordTypes.find((recordType) => recordType.name === name) as RecordType;
/** A type of the farm that two people decide, neither of whom asked. */
const byTwo = (like: string, name: string): RecordType => {
  const recordType = typeNamed(like);
  return { ...recordType, name, gate: { ...recordType.gate, seats: 2, separation: 'second_person' } };
};

/** What a farm records, asked about as a routine note, as a death that one may decide, and as one that two must. */
const pack = definePack({
  name: 'farm-by-hand',
  recordTypes: [...farmPack.recordTypes, byTwo('mortality', 'cull'), byTwo('sale', 'large_sale')],
  purposes: [
    { ...record, name: 'farm.routine', manual: { recordType: 'note' } },
    { ...record, recordTypes: [...record.recordTypes, 'cull', 'large_sale'] },
    {
      ...record,
      name: 'farm.by_two',
      recordTypes: ['cull', 'large_sale', 'sale'],
      manual: { recordType: 'cull' },
    },
  ],
});

const governed = governedRuns({ worker: false, packs: [pack] });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

beforeAll(async () => {
  await governed.startWorker({ providers: { local: downProvider() } });
}, 60_000);

const SOLD = {
  item: 'layers',
  quantity: '300',
  unit: 'piece',
  total_minor: '90000000',
  currency: 'NGN',
  occurred_on: '2026-11-24',
};

/** The gate that opens because the model is down, as the reviewer gets it. */
async function unadvised(by: Person, reviewer: Person, purpose: string): Promise<Gate> {
  const { body: run } = await api.ask(by, 'runs.create', {
    body: {
      purpose,
      input: { note: 'Sold 300 layers for ₦900,000', occurred_at: '2026-11-24T08:00:00Z' },
    },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  expect(run).toMatchObject({ state: 'waiting', advisory: 'unavailable' });
  return await shownTo(reviewer, run.proposals[0]?.gate ?? '');
}

async function shownTo(by: Person, id: string): Promise<Gate> {
  return (await api.ask(by, 'gates.get', { params: { id } })).body;
}

/** An approval of the gate as this person gets it now. */
async function approval(
  by: Person,
  { id }: Gate,
  words: Partial<DecisionRequest>,
): Promise<{ readonly params: { readonly id: string }; readonly body: DecisionRequest }> {
  const gate = await shownTo(by, id);
  const bound = {
    gate_version: gate.version,
    proposal_hash: gate.proposal_hash,
    shown_hash: gate.shown_hash ?? '',
  };
  return { params: { id }, body: { verdict: 'approve', reason_code: 'correct', ...bound, ...words } };
}

it('offers at a routine gate nothing that is protected, and refuses it to whoever names it all the same', async () => {
  const { owner, hand } = governed.world.farm;
  const gate = await unadvised(hand, owner, 'farm.routine');
  expect(gate).toMatchObject({
    class: 'routine',
    record_types: ['feed_use', 'note', 'task', 'water', 'weight'],
  });
  for (const type of ['sale', 'mortality', 'expense', 'symptom', 'cull', 'memory', 'unicorn']) {
    const named = await approval(owner, gate, { record_type: type, edits: SOLD });
    expect((await api.refused(owner, 'gates.decide', named)).body.code).toBe('record_type_not_offered');
  }
  const noted = { text: 'Sold 300 layers.', occurred_on: '2026-11-24' };
  const note = await approval(owner, gate, { record_type: 'note', edits: noted });
  expect((await api.ask(owner, 'gates.decide', note)).body).toMatchObject({ record_type: 'note' });
});

it('offers at a gate of one seat nothing that two people decide', async () => {
  const { owner, hand } = governed.world.farm;
  const gate = await unadvised(hand, owner, 'farm.record');
  expect(gate).toMatchObject({ seats: 1, record_type: 'mortality' });
  expect(gate.record_types).toEqual([...record.recordTypes].sort());
  const named = await approval(owner, gate, { record_type: 'large_sale', edits: SOLD });
  expect((await api.refused(owner, 'gates.decide', named)).body.code).toBe('record_type_not_offered');
});

it('asks two people for one and the same type, and tells the second what the first one named', async () => {
  const { farm } = governed.world;
  const asks = await addMember(governed.database, farm.id, ['requester', 'reviewer']);
  const second = await addMember(governed.database, farm.id, ['reviewer']);
  const gate = await unadvised(asks, farm.owner, 'farm.by_two');
  expect(gate).toMatchObject({ seats: 2, record_types: ['cull', 'large_sale', 'sale'] });
  const refused = async (by: Person, words: Partial<DecisionRequest>) =>
    await api.refused(by, 'gates.decide', await approval(by, gate, words));

  const words = { record_type: 'large_sale', edits: SOLD };
  expect((await refused(asks, words)).body.code).toBe('requester_holds_no_seat');
  const early = await approval(second, gate, words);
  const first = await api.ask(farm.owner, 'gates.decide', await approval(farm.owner, gate, words));
  expect(first.body).toMatchObject({ record_type: 'large_sale', record_ids: [] });

  const stale = await api.refused(second, 'gates.decide', early);
  expect(stale.body).toMatchObject({ code: 'gate_changed', changed: ['decisions', 'shown_hash'] });
  expect(await shownTo(second, gate.id)).toMatchObject({ decisions: [{ record_type: 'large_sale' }] });
  expect(await refused(second, { ...words, record_type: 'sale' })).toMatchObject({
    status: 409,
    body: { code: 'record_type_differs', now: { record_type: 'large_sale' } },
  });
  expect((await refused(second, { ...words, edits: { ...SOLD, quantity: '30' } })).body.code).toBe(
    'edits_differ',
  );

  const last = await api.ask(second, 'gates.decide', await approval(second, gate, words));
  expect(last.body).toMatchObject({ record_type: 'large_sale', self_confirmed: false });
  const { body: records } = await api.ask(farm.owner, 'records.list', { query: { run_id: gate.run_id } });
  expect(records.items).toMatchObject([{ record_type: 'large_sale', payload: SOLD }]);
});
