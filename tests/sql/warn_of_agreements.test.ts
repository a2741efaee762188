import { testDatabase } from '../support/database';
import { inHours, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
const DAY = 24;
let models = 0;

const warn = (as = '__platform__') => runs.call<{ warned: number }>('worker', as, 'warn_of_agreements');

async function list(changes: object): Promise<string> {
  const model = `model-${(models += 1)}`;
  const entry = {
    listed: true,
    baa_active: true,
    baa_expires_at: null,
    baa_sha256: 'ab'.repeat(32),
    zdr_active: true,
    retention_mode: 'none',
    leaves_perimeter: true,
    notes: '',
    ...changes,
  };
  const by = runs.world.platformAdmin.userId;
  const saved = await runs.call(
    'api',
    '__platform__',
    'set_vendor',
    'v',
    model,
    'r',
    JSON.stringify(entry),
    0,
    by,
  );
  expect(saved.outcome).toBe('saved');
  return model;
}

async function causes(model: string): Promise<string[]> {
  const rows = await database.look<{ cause: string }>(
    "select cause from core.pages where tenant_id = '__platform__' and cause like '% v ' || $1 || ' r%' order by opened_at",
    [model],
  );
  return rows.map(({ cause }) => cause);
}

afterEach(async () => await runs.shiftClock('0'));

it('pages 30, 7 and 1 days before an agreement ends, and at its end: each once, acknowledged or not', async () => {
  const model = await list({ baa_expires_at: inHours(40 * DAY) });
  const steps = ['0', '10 days 1 hour', '20 days', '33 days 1 hour', '39 days 1 hour', '40 days 1 hour'];
  for (const step of steps) {
    await runs.shiftClock(step);
    await Promise.all([warn(), warn()]);
    await database.asOwner('__platform__', (transaction) =>
      transaction.rows('update core.pages set acknowledged_at = app.now() where acknowledged_at is null'),
    );
    expect(await warn()).toEqual({ warned: 0 });
  }
  expect(await causes(model)).toEqual([
    `agreement_expiring v ${model} r 30d`,
    `agreement_expiring v ${model} r 7d`,
    `agreement_expiring v ${model} r 1d`,
    `agreement_expired v ${model} r`,
  ]);
  const [sent] = await database.look<{ n: bigint }>(
    "select count(*) as n from core.outbox where tenant_id = '__platform__' and topic = 'ops.page'",
  );
  expect(sent?.n).toBe(4n);
});

it('pages the nearest step alone when the others were missed, and anew for a new agreement', async () => {
  const model = await list({ baa_expires_at: inHours(5 * DAY) });
  await warn();
  expect(await causes(model)).toEqual([`agreement_expiring v ${model} r 7d`]);
});

it.each<[string, object]>([
  ['has no end', {}],
  ['ends late', { baa_expires_at: inHours(31 * DAY) }],
  ['is of a model that is not listed', { baa_expires_at: inHours(DAY), listed: false }],
  ['is not active', { baa_expires_at: inHours(DAY), baa_active: false }],
  ['is of a model that stays inside', { baa_expires_at: inHours(DAY), leaves_perimeter: false }],
])('says nothing of an agreement that %s', async (_what, changes) => {
  const model = await list(changes);
  await warn();
  expect(await causes(model)).toEqual([]);
});

it('is the platform’s', async () => {
  expect(await stateOf(warn(runs.world.farm.id))).toBe('ZC003');
});
