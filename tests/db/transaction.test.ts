import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '../../db/pool';
import { callInTenant, inTenant } from '../../db/transaction';
import { testDatabase } from '../support/database';

/** One connection: whatever a transaction leaves behind, the next one meets. */
let pool: Database;

// Before the database's own end, which counts what is still connected.
afterAll(async () => {
  await pool.close();
});

const database = testDatabase();

beforeAll(() => {
  pool = openDatabase(database.url('worker'), 'worker', { connections: 1 });
});

const WHO = "select current_user || ' ' || coalesce(app.tenant(), 'nobody')";

describe('a transaction', () => {
  it('is in its role and tenant from the first statement on, and leaves neither behind', async () => {
    expect(await callInTenant(pool, 'one-farm', WHO)).toBe('countersign_worker one-farm');
    expect(await callInTenant(pool, null, WHO)).toBe('countersign_worker nobody');
    expect(await inTenant(pool, 'two-farm', async ({ value }) => await value(WHO))).toBe(
      'countersign_worker two-farm',
    );
    const after = await pool.pool.query<{ tenant: string | null }>('select app.tenant() as tenant');
    expect(after.rows[0]?.tenant ?? null).toBeNull();
  });

  it('refuses a tenant id that could be more than one, before anything is sent', async () => {
    const more = "farm'; reset role; --";
    await expect(callInTenant(pool, more, WHO)).rejects.toThrow('malformed tenant id');
    await expect(inTenant(pool, more, async ({ value }) => await value(WHO))).rejects.toThrow(
      'malformed tenant id',
    );
  });

  it('gives the error of the statement, writes nothing, and leaves its connection usable', async () => {
    await expect(
      callInTenant(pool, 'one-farm', "select app.reserve('00000000-0000-0000-0000-000000000000')"),
    ).rejects.toMatchObject({ code: 'ZC010' });
    await expect(callInTenant(pool, 'one-farm', 'select 1 / $1::int', [0])).rejects.toMatchObject({
      code: '22012',
    });
    await expect(callInTenant(pool, 'one-farm', 'no statement')).rejects.toMatchObject({ code: '42601' });
    expect(await callInTenant(pool, 'one-farm', WHO)).toBe('countersign_worker one-farm');
  });

  it('runs no statement when its entrance fails, and says why', async () => {
    const stranger = { ...pool, role: 'nobody' as 'worker' };
    await expect(callInTenant(stranger, 'one-farm', WHO)).rejects.toThrow('countersign_nobody');
    await expect(inTenant(stranger, 'one-farm', async ({ value }) => await value(WHO))).rejects.toThrow(
      'countersign_nobody',
    );
    expect(await callInTenant(pool, 'one-farm', WHO)).toBe('countersign_worker one-farm');
  });

  it('does not pass for done when an error that its work swallowed has rolled it back', async () => {
    const swallowing = inTenant(pool, 'one-farm', async ({ value }) => {
      await value('select 1 / 0').catch(() => undefined);
      return 'done';
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await callInTenant(pool, 'one-farm', WHO)).toBe('countersign_worker one-farm');
  });

  it('gives each of many at once its own answer, large ones too', async () => {
    const many = openDatabase(database.url('worker'), 'worker', { connections: 8 });
    try {
      const answers = Array.from({ length: database.isNative ? 400 : 120 }, async (_, index) => {
        const text = randomBytes(index % 5 === 0 ? 100_000 : 20).toString('hex');
        const tenant = `farm-${index}`;
        const answer = await callInTenant<string>(many, tenant, "select app.tenant() || ' ' || $1::text", [
          text,
        ]);
        return answer === `${tenant} ${text}`;
      });
      expect((await Promise.all(answers)).every(Boolean)).toBe(true);
    } finally {
      await many.close();
    }
  });
});
