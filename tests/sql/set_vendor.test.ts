import { testDatabase } from '../support/database';
import { inHours, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const ENTRY = {
  listed: true,
  baa_active: true,
  baa_expires_at: null as string | null,
  baa_sha256: 'ab'.repeat(32) as string | null,
  zdr_active: true,
  retention_mode: 'none',
  leaves_perimeter: true,
  notes: '',
};
const set = (changes: object, version: number, as = '__platform__', model = 'farm-notes-1') =>
  runs.call(
    'api',
    as,
    'set_vendor',
    'local',
    model,
    'local',
    JSON.stringify({ ...ENTRY, ...changes }),
    version,
    runs.world.platformAdmin.userId,
  );

it('saves the next version, one of two at once', async () => {
  const answers = await Promise.all([
    set({}, 0, '__platform__', 'another'),
    set({}, 0, '__platform__', 'another'),
  ]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'saved']);
  expect(await set({}, 7, '__platform__', 'another')).toEqual({
    outcome: 'refused',
    code: 'version_stale',
    version: 1,
  });
});

it('is the platform’s', async () => {
  expect(await stateOf(set({}, 1, runs.world.farm.id))).toBe('ZC003');
});

it('refuses a name that could not stand in the chain', async () => {
  expect(await stateOf(set({}, 0, '__platform__', 'modèle'))).toBe('23514');
});

it.each([
  ['an agreement without its document, of what leaves the perimeter', { baa_sha256: null }],
  ['a retention mode that there is not', { zdr_active: false, retention_mode: 'thirty days' }],
  ['zero retention in another mode than none', { retention_mode: 'default' }],
])('refuses %s', async (_what, changes) => {
  expect(await stateOf(set(changes, 0, '__platform__', 'constrained'))).toBe('23514');
});

it('asks for no document of what stays within the perimeter, nor of an agreement that is not active', async () => {
  const stays = { baa_sha256: null, leaves_perimeter: false };
  const inactive = { baa_sha256: null, baa_active: false, zdr_active: false, retention_mode: 'default' };
  expect(await set(stays, 0, '__platform__', 'constrained')).toMatchObject({ outcome: 'saved' });
  expect(await set(inactive, 1, '__platform__', 'constrained')).toMatchObject({ outcome: 'saved' });
});

it('refuses, in the tenants where health data is, a model that leaves the perimeter without its agreement', async () => {
  const { farm, hospital } = runs.world;
  const cases = [
    [{ listed: false }, 'model_not_listed', 'model_not_listed'],
    [{ baa_active: false }, null, 'agreement_inactive'],
    [{ baa_expires_at: inHours(-1) }, null, 'agreement_expired'],
    [{ zdr_active: false }, null, 'retention_not_zero'],
    [{ leaves_perimeter: false, baa_active: false, zdr_active: false }, null, null],
    [{}, null, null],
  ] as const;
  for (const [at, [changes, onFarm, inHospital]] of cases.entries()) {
    expect(await set(changes, at + 1)).toMatchObject({ outcome: 'saved' });
    const reserve = async (by: typeof farm.hand) =>
      (await runs.call('worker', by.tenantId, 'reserve', await runs.accept(by, 'farm.record'))).code;
    expect([changes, await reserve(farm.hand), await reserve(hospital.staff)]).toEqual([
      changes,
      onFarm,
      inHospital,
    ]);
  }
});
