import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { atOnce } from './support/at-once';
import { brokenChains, verifyChains } from './support/chain';
import { sale, sqlRuns, type Answer, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const RACES = { native: 200, embedded: 10 };
const PER_RUN = 20;

interface Ended {
  readonly outcome: string;
  readonly decisions: bigint;
  readonly after_revocation: boolean | null;
  readonly told: bigint;
}

/** Gates of one farm, each with a reviewer of its own. */
async function pairs(): Promise<{ farmId: string; owner: Person; each: { gate: GateRow; by: Person }[] }> {
  const farm = await runs.farm();
  const count = database.isNative ? RACES.native : RACES.embedded;
  const size = Math.min(PER_RUN, count);
  const batches = Array.from({ length: count / size }, () => Array.from({ length: size }, () => sale()));
  const gates = (await atOnce(batches, (items) => runs.drafted(farm.hand, items))).flatMap(
    (one) => one.gates,
  );
  const each = await atOnce(gates, async (gate) => ({
    gate,
    by: await addMember(database, farm.id, ['reviewer']),
  }));
  return { farmId: farm.id, owner: farm.owner, each };
}

async function ended(intentId: unknown): Promise<Ended> {
  const [row] = await database.look<Ended>(
    `select o.outcome, (select count(*) from core.decisions d where d.intent_id = i.id) as decisions,
       (select d.decided_at > k.revoked_at from core.decisions d where d.intent_id = i.id) as after_revocation,
       (select count(*) from core.audit_log l where l.type = 'intent.taken_back' and l.payload like '%' || i.id || '%') as told
     from core.intents i join core.intent_outcomes o on o.intent_id = i.id join core.api_keys k on k.id = i.key_id
     where i.id = $1`,
    [intentId],
  );
  if (row === undefined) throw new Error('the verdict has no outcome');
  return row;
}

const APPLIED = { outcome: 'applied', decisions: 1n, told: 0n };
const TAKEN_BACK = { outcome: 'taken_back', decisions: 0n, after_revocation: null, told: 1n };

describe('a verdict whose key is revoked while it is applied', () => {
  it('was applied before, or is taken back, and never applied after', async () => {
    const { farmId, owner, each } = await pairs();
    const stored = await atOnce(each, ({ gate, by }) => runs.store(by, gate, 'approve'));
    const answers = await atOnce([...each.entries()], async ([at, { by }]) => {
      const intent = stored[at]?.intent_id;
      const revoke = () => runs.call('api', farmId, 'revoke_key', by.keyId, owner.userId);
      const apply = () => runs.apply(farmId, intent);
      const work = at % 2 === 0 ? [revoke(), apply()] : [apply(), revoke()];
      return await Promise.all(work);
    });
    for (const [at, pair] of answers.entries()) {
      const end = await ended(stored[at]?.intent_id);
      expect(end).toMatchObject(
        end.outcome === 'applied' ? { ...APPLIED, after_revocation: false } : TAKEN_BACK,
      );
      expect(pair.map(({ outcome }) => outcome).sort()).toEqual([end.outcome, 'revoked'].sort());
    }
    expect(brokenChains(await verifyChains(database.look))).toEqual([]);
  }, 120_000);

  it('is refused, or taken back, when it is stored at that moment', async () => {
    const { farmId, owner, each } = await pairs();
    const raced = await atOnce(each, ({ gate, by }) =>
      Promise.all([
        runs.store(by, gate, 'approve'),
        runs.call('api', farmId, 'revoke_key', by.keyId, owner.userId),
      ]),
    );
    for (const [stored] of raced) {
      if (stored.outcome === 'refused') expect(stored.code).toBe('person_required');
      else expect(await ended(stored.intent_id)).toMatchObject(TAKEN_BACK);
    }
  }, 120_000);
});

describe('a verdict of a member who may no longer decide', () => {
  const change = (by: Person, roles: readonly string[], active: boolean, owner: Person): Promise<Answer> =>
    runs.call('api', by.tenantId, 'set_member', by.userId, 'P', 'person', roles, active, owner.userId);

  it.each([
    ['has left', ['reviewer'], false],
    ['has another role', ['requester'], true],
  ] as const)('is taken back when they %s', async (_what, roles, active) => {
    const { farm } = runs.world;
    const by = await addMember(database, farm.id, ['reviewer']);
    const { gates } = await runs.drafted(farm.hand, [sale()]);
    const { intent_id: intent } = await runs.store(by, gates[0] as GateRow, 'approve');
    await change(by, roles, active, farm.owner);
    expect(await ended(intent)).toMatchObject(TAKEN_BACK);
    expect(await runs.count('worklist', { kind: 'intent', ref_id: intent })).toBe(0);
    expect(await runs.apply(farm.id, intent)).toMatchObject({ outcome: 'taken_back' });
  });

  it('is kept when a role is taken away that the gate does not ask for', async () => {
    const { farm } = runs.world;
    const by = await addMember(database, farm.id, ['reviewer', 'requester']);
    const { gates } = await runs.drafted(farm.hand, [sale()]);
    const { intent_id: intent } = await runs.store(by, gates[0] as GateRow, 'approve');
    await change(by, ['reviewer'], true, farm.owner);
    expect(await runs.apply(farm.id, intent)).toMatchObject({ outcome: 'applied' });
    expect(await ended(intent)).toMatchObject(APPLIED);
  });
});
