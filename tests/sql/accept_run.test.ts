import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const ROUTE = 'POST /v1/runs';

function accept(
  by: { tenantId: string; userId: string },
  key: string,
  request = '{}',
  more: readonly unknown[] = [],
) {
  return runs.call(
    'api',
    by.tenantId,
    'accept_run',
    ROUTE,
    key,
    request,
    'farm.record',
    '{"note": "n"}',
    by.userId,
    null,
    ...more,
  );
}

it('takes a run with its input, its key and its place on the worklist, in one transaction', async () => {
  const { hand } = runs.world.farm;
  const accepted = await accept(hand, randomUUID());
  expect(accepted).toEqual({ outcome: 'accepted', run_id: accepted.run_id });
  const run = await runs.row('runs', { id: accepted.run_id });
  expect(run).toMatchObject({
    state: 'accepted',
    step: 'reserve',
    purpose: 'farm.record',
    requested_by: hand.userId,
  });
  expect(await runs.count('worklist', { kind: 'run', ref_id: accepted.run_id })).toBe(1);
  expect(await runs.events(String(accepted.run_id))).toEqual(['run.accepted']);
});

it('answers the same key with the same run, and another request under it with key_reused', async () => {
  const { hand } = runs.world.farm;
  const key = randomUUID();
  const first = await accept(hand, key);
  expect(await accept(hand, key)).toEqual({ outcome: 'replayed', run_id: first.run_id });
  expect(await accept(hand, key, '{"other": true}')).toEqual({ outcome: 'refused', code: 'key_reused' });
});

it('takes one of eight equal requests at once', async () => {
  const { hand } = runs.world.farm;
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 8 }, () => accept(hand, key)));
  expect(new Set(answers.map((answer) => answer.run_id)).size).toBe(1);
  expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
});

it('keeps the keys of two tenants apart', async () => {
  const key = randomUUID();
  const mine = await accept(runs.world.farm.hand, key);
  const theirs = await accept(runs.world.hospital.staff, key);
  expect(theirs.outcome).toBe('accepted');
  expect(theirs.run_id).not.toBe(mine.run_id);
});

it('refuses a purpose that nobody registered, and a person of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const unknown = runs.call(
    'api',
    farm.id,
    'accept_run',
    ROUTE,
    randomUUID(),
    '{}',
    'no.purpose',
    '{}',
    farm.hand.userId,
    null,
  );
  expect(await unknown).toEqual({ outcome: 'refused', code: 'purpose_unknown' });
  expect(await stateOf(accept({ tenantId: farm.id, userId: hospital.staff.userId }, randomUUID()))).toBe(
    'ZC012',
  );
});

it('needs a tenant', async () => {
  const call = runs.call(
    'api',
    null,
    'accept_run',
    ROUTE,
    randomUUID(),
    '{}',
    'farm.record',
    '{}',
    runs.world.farm.hand.userId,
    null,
  );
  expect(await stateOf(call)).toBe('ZC003');
});

describe('by hand', () => {
  it('stands for a run that was refused, as a draft of a type of its purpose', async () => {
    const farm = await runs.farm(0n);
    const refused = await runs.accept(farm.hand);
    await runs.call('worker', farm.id, 'reserve', refused);
    const more = (type: string) => [refused, type];
    expect(await accept(farm.hand, randomUUID(), '{}', more('privilege_grant'))).toMatchObject({
      code: 'record_type_unknown',
    });
    const accepted = await accept(farm.hand, randomUUID(), '{}', more('sale'));
    expect(await runs.row('runs', { id: accepted.run_id })).toMatchObject({
      by_hand_of: refused,
      by_hand_record_type: 'sale',
    });
  });

  it('does not stand for a run that is still going', async () => {
    const going = await runs.reserved(runs.world.farm.hand);
    expect(await accept(runs.world.farm.hand, randomUUID(), '{}', [going, 'sale'])).toEqual({
      outcome: 'refused',
      code: 'not_resendable',
    });
  });
});
