import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { note, sale, sqlRuns, type Answer, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

interface Item {
  readonly gate_id: string;
  readonly intent_id: string | null;
  readonly code: string | null;
  readonly changed: readonly string[];
}

let farm: Farm;
beforeAll(async () => {
  // Tier draft, so that notes wait for a person.
  farm = await runs.farm();
});

async function notes(count: number, of: Farm = farm): Promise<GateRow[]> {
  const items = Array.from({ length: count }, (_, at) =>
    note({ payload: JSON.stringify({ text: `Fence ${at} is mended.`, occurred_on: '2026-11-10' }) }),
  );
  return (await runs.drafted(of.hand, items)).gates;
}

async function shown(gates: readonly GateRow[], by: Person): Promise<object[]> {
  return await Promise.all(
    gates.map(async (gate) => ({
      gate_id: gate.id,
      gate_version: gate.version,
      proposal_hash: gate.proposal_hash,
      shown_hash: (await runs.call<Buffer>('api', by.tenantId, 'shown_hash', gate.id, by.userId)).toString(
        'hex',
      ),
    })),
  );
}

async function storeAll(items: readonly object[], by: Person, key: string = randomUUID(), request = key) {
  const rest = ['approve', 'correct', null, by.keyId, new Date().toISOString(), by.userId];
  return await runs.call<Answer & { items: readonly Item[] }>(
    'api',
    by.tenantId,
    'store_intents',
    key,
    request,
    JSON.stringify(items),
    ...rest,
  );
}

it('stores an intent for each gate, and each is applied as a decision of its own', async () => {
  const gates = await notes(5);
  const answer = await storeAll(await shown(gates, farm.owner), farm.owner);
  expect(answer.outcome).toBe('stored');
  expect(answer.items.map(({ gate_id }) => gate_id)).toEqual(gates.map(({ id }) => id));
  expect(new Set(answer.items.map(({ intent_id }) => intent_id)).size).toBe(5);
  for (const { intent_id } of answer.items)
    expect(await runs.apply(farm.id, intent_id)).toMatchObject({ outcome: 'applied' });
  const events = await runs.events(gates[0]?.run_id ?? '');
  expect(events.filter((type) => type === 'decision.recorded')).toHaveLength(5);
});

it('answers for one gate alone what is stale or decided there, and stores the others', async () => {
  const gates = await notes(3);
  const [stale, decided] = gates as [GateRow, GateRow];
  const items = await shown(gates, farm.owner);
  await runs.call('api', farm.id, 'ask_requester', stale.id, 'Which fence?', farm.owner.userId);
  const rival = await addMember(database, farm.id, ['reviewer']);
  await runs.decide(rival, decided, 'reject');
  const answer = await storeAll(items, farm.owner);
  expect(answer.items).toMatchObject([
    { intent_id: null, code: 'gate_changed', changed: ['questions', 'shown_hash'] },
    { intent_id: null, code: 'gate_closed' },
    { code: null },
  ]);
  expect(await runs.count('intents', { gate_id: stale.id })).toBe(0);
});

describe('is refused as a whole, with which and why, and stores nothing', () => {
  const unfit = async (gates: readonly GateRow[], items?: readonly object[]): Promise<unknown> => {
    const answer = await storeAll(items ?? (await shown(gates, farm.owner)), farm.owner);
    expect(answer).toMatchObject({ outcome: 'refused', code: 'not_decided_together' });
    for (const { id } of gates) expect(await runs.count('intents', { gate_id: id })).toBe(0);
    return answer.items;
  };

  it('for one protected gate among routine ones, wherever it stands', async () => {
    const { gates } = await runs.drafted(farm.hand, [sale(), note(), note()]);
    const [protectedGate, first, second] = gates as [GateRow, GateRow, GateRow];
    expect(await unfit([first, protectedGate, second])).toEqual([{ place: 1, why: 'protected' }]);
    expect(await unfit([protectedGate, first])).toEqual([{ place: 0, why: 'protected' }]);
  });

  it('for a gate named twice, one that is not there, and one of another tenant', async () => {
    const other = await runs.farm();
    const [gate] = (await notes(1)) as [GateRow];
    const [theirs] = (await notes(1, other)) as [GateRow];
    const [mine] = await shown([gate], farm.owner);
    const items = [
      mine,
      mine,
      { ...mine, gate_id: randomUUID() },
      { ...mine, gate_id: theirs.id },
    ] as object[];
    expect(await unfit([gate], items)).toEqual([
      { place: 1, why: 'repeated' },
      { place: 2, why: 'missing' },
      { place: 3, why: 'missing' },
    ]);
  });

  it('for another record type, and another version of the policy', async () => {
    const { gates } = await runs.drafted(farm.hand, [note(), weight()]);
    expect(await unfit(gates)).toEqual([{ place: 1, why: 'record_type' }]);
    const [first] = (await notes(1)) as [GateRow];
    await changePolicy(database, farm.owner, { confidence_threshold_permille: 700 });
    const [second] = (await notes(1)) as [GateRow];
    expect(await unfit([first, second])).toEqual([{ place: 1, why: 'policy' }]);
  });
});

it('is the same act under the same key, and refused for another one', async () => {
  const gates = await notes(2);
  const items = await shown(gates, farm.owner);
  const key = randomUUID();
  const [first, again] = await Promise.all([
    storeAll(items, farm.owner, key),
    storeAll(items, farm.owner, key),
  ]);
  expect([first.outcome, again.outcome].sort()).toEqual(['replayed', 'stored']);
  expect(again.items).toEqual(first.items);
  expect(await runs.count('intents', { gate_id: gates[0]?.id })).toBe(1);
  expect(await storeAll(items, farm.owner, key, 'another request')).toMatchObject({ code: 'key_reused' });
  const rival = await addMember(database, farm.id, ['reviewer']);
  expect(await storeAll(items, rival, key)).toMatchObject({ code: 'key_reused' });
});

it('is for people with a role that decides, and for a hundred gates at most', async () => {
  const gates = await notes(1);
  const [item] = (await shown(gates, farm.owner)) as [object];
  expect(await stateOf(storeAll([item], farm.hand))).toBe('ZC012');
  expect(await stateOf(storeAll([], farm.owner))).toBe('ZC004');
  expect(
    await stateOf(
      storeAll(
        Array.from({ length: 101 }, () => item),
        farm.owner,
      ),
    ),
  ).toBe('ZC004');
});

it('ends without a deadlock when two people decide the same gates in opposite orders', async () => {
  const rival = await addMember(database, farm.id, ['reviewer']);
  const gates = await notes(12);
  const [forwards, backwards] = await Promise.all([
    storeAll(await shown(gates, farm.owner), farm.owner),
    storeAll(await shown([...gates].reverse(), rival), rival),
  ]);
  expect([forwards.outcome, backwards.outcome]).toEqual(['stored', 'stored']);
});

/** Another routine record. */
function weight() {
  const payload = { group: 'House 1', mean_grams: '1800', occurred_on: '2026-11-10' };
  return { ...note(), record_type: 'weight', payload: JSON.stringify(payload) };
}
