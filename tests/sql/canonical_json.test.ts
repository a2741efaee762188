import { testDatabase } from '../support/database';
import fc from 'fast-check';
import { brokenChains, verifyChains } from './support/chain';
import { atOnce } from './support/at-once';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/);
const text = fc.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]{0,12}$/);
const { body } = fc.letrec<{ body: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('body'),
  ),
  body: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
}));

/** RFC 8785 in this domain: keys in the order of their code units, and JSON.stringify for the rest. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

const inDatabase = async (value: string) =>
  (await database.look<{ text: string }>('select app.canonical_json($1::jsonb) as text', [value]))[0]?.text;

it('is RFC 8785, byte for byte, of every body in its domain', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (value) => {
      expect(await inDatabase(JSON.stringify(value))).toBe(canonical(value));
    }),
    { numRuns: database.isNative ? 500 : 100 },
  );
}, 60_000);

it.each([
  '{"a":1}',
  '{"a":[1.5]}',
  '{"A":"x"}',
  '{"é":"x"}',
  '{"a":"é"}',
  '{"a":"\\""}',
  '{"a":"\\\\"}',
  '{"a":"\\n"}',
  '{"a":"\\u007f"}',
  '{"":"x"}',
])('refuses %s, which another program might write otherwise', async (value) => {
  expect(await stateOf(database.look('select app.canonical_json($1::jsonb)', [value]))).toBe('ZC001');
});

describe('the chain', () => {
  const emit = (tenantId: string, type: string, value: object = {}) =>
    database.asOwner(tenantId, (transaction) =>
      transaction.value('select core.emit($1, $2, null, null, $3)', [type, 'system', JSON.stringify(value)]),
    );

  it('has no gap and no fork under many writers of several tenants', async () => {
    const { farm, hospital, platformAdmin } = runs.world;
    const writers = [farm.hand, hospital.staff];
    const writes = Array.from({ length: database.isNative ? 600 : 60 }, (_, at) => at);
    const before = await heads();
    await atOnce(
      writes,
      async (at) => {
        const { tenantId, userId } = writers[at % 2] ?? farm.hand;
        // Half of them write their event before they lock the account, and half after, as different functions do.
        await database.as('api', tenantId, async (transaction) => {
          const grant = () =>
            transaction.value('select app.grant_credits(1, $1, $2)', [`c${at}`, platformAdmin.userId]);
          const accept = () =>
            transaction.value("select app.accept_run('r', $1, '{}', 'farm.record', '{}', $2, null)", [
              `c${at}`,
              userId,
            ]);
          for (const write of at % 4 < 2 ? [grant, accept] : [accept, grant]) await write();
        });
      },
      32,
    );
    const after = await heads();
    expect(after - before).toBe(BigInt(writes.length * 2));
    expect(brokenChains(await verifyChains(database.look))).toEqual([]);
    expect(await database.look('select id from core.audit_pending')).toEqual([]);
  }, 120_000);

  it('takes no event of another tenant into a transaction', async () => {
    const two = database.asOwner(runs.world.farm.id, async (transaction) => {
      await transaction.value("select core.emit('test', 'system', null, null, '{}')");
      await transaction.value("select set_config('app.tenant', $1, true)", [runs.world.hospital.id]);
      await transaction.value("select core.emit('test', 'system', null, null, '{}')");
    });
    expect(await stateOf(two)).toBe('ZC005');
    const none = database.asOwner(null, (transaction) =>
      transaction.value("select core.emit('test', 'system', null, null, '{}')"),
    );
    expect(await stateOf(none)).toBe('ZC003');
  });

  it('takes back what it can’t write, with the transaction that wanted it', async () => {
    const before = await heads();
    expect(await stateOf(emit(runs.world.farm.id, 'test', { note: 'Müller' }))).toBe('ZC001');
    expect(await stateOf(emit(runs.world.farm.id, 'Not a type'))).toBe('23514');
    expect(await heads()).toBe(before);
  });

  it('writes times that rise although the clock goes back', async () => {
    const { id } = runs.world.farm;
    await emit(id, 'test');
    await runs.shiftClock('-1 hour');
    await emit(id, 'test');
    await runs.shiftClock('0');
    await emit(id, 'test');
    expect(brokenChains(await verifyChains(database.look))).toEqual([]);
  });

  async function heads(): Promise<bigint> {
    const [row] = await database.look<{ sum: string }>('select sum(seq)::text as sum from core.chain_heads');
    return BigInt(row?.sum ?? 0);
  }
});
