import { testDatabase } from '../support/database';
import { addMember, changePolicy } from '../support/world';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const reserve = (tenantId: string, runId: string) => runs.call('worker', tenantId, 'reserve', runId);

it('holds one credit, with its leg and event', async () => {
  const farm = await runs.farm(3n);
  const runId = await runs.accept(farm.hand);
  expect(await reserve(farm.id, runId)).toEqual({ outcome: 'reserved', code: null, closed: false });
  expect(await runs.row('runs', { id: runId })).toMatchObject({
    state: 'running',
    step: 'scrub',
    reserved_credits: 1n,
  });
  expect(await runs.row('credit_ledger', { run_id: runId })).toMatchObject({
    kind: 'reserve',
    amount_credits: -1n,
    balance_after: 2n,
  });
  expect(await runs.events(runId)).toEqual(['run.accepted', 'credit.reserved']);
});

it('answers a second time with what is stored, and holds nothing more', async () => {
  const farm = await runs.farm(3n);
  const runId = await runs.reserved(farm.hand);
  expect(await reserve(farm.id, runId)).toMatchObject({ outcome: 'reserved', code: null });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ balance_credits: 2n });
});

describe('a refusal', () => {
  it.each([
    ['tenant_paused', { paused: true }],
    ['purpose_paused', { paused_purposes: ['farm.record'] }],
    ['vendor_paused', { paused_vendors: ['local'] }],
    ['budget_exhausted', { daily_token_budget_nano_usd: '15999' }],
  ])('%s is returned, recorded and paged, and holds nothing', async (code, change) => {
    const farm = await runs.farm();
    await changePolicy(database, farm.owner, change);
    const runId = await runs.accept(farm.hand);
    expect(await reserve(farm.id, runId)).toEqual({ outcome: 'refused', code, closed: true });
    expect(await runs.row('runs', { id: runId })).toMatchObject({
      state: 'closed',
      outcome: 'refused',
      code,
      reserved_credits: 0n,
    });
    expect(await runs.count('credit_ledger', { run_id: runId })).toBe(0);
    expect(await runs.count('pages', { tenant_id: farm.id, code })).toBe(1);
    expect(await runs.count('worklist', { ref_id: runId })).toBe(0);
    const violation = code === 'budget_exhausted' ? [] : ['policy_violation'];
    expect((await runs.events(runId)).sort()).toEqual(
      ['ops.page', ...violation, 'run.accepted', 'run.refused'].sort(),
    );
  });

  it('for want of credit or of a member who may ask is one as well', async () => {
    const farm = await runs.farm(0n);
    expect(await reserve(farm.id, await runs.accept(farm.hand))).toMatchObject({ code: 'credits_exhausted' });
    const auditor = await addMember(database, farm.id, ['requester']);
    const asked = await runs.accept(auditor);
    await runs.call('api', farm.id, 'set_member', auditor.userId, 'A', 'person', ['auditor'], true, null);
    expect(await reserve(farm.id, asked)).toMatchObject({ code: 'member_not_allowed' });
    const runId = await runs.accept(farm.hand);
    await runs.call(
      'api',
      farm.id,
      'set_member',
      farm.hand.userId,
      'Hand',
      'person',
      ['requester'],
      false,
      farm.owner.userId,
    );
    expect(await reserve(farm.id, runId)).toMatchObject({ code: 'member_not_allowed' });
  });

  it('pages once for a cause, however often it recurs', async () => {
    const farm = await runs.farm(0n);
    for (let time = 0; time < 3; time += 1) await reserve(farm.id, await runs.accept(farm.hand));
    expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({
      code: 'credits_exhausted',
      count: 3n,
    });
    expect(await runs.count('outbox', { tenant_id: farm.id, topic: 'ops.page' })).toBe(1);
  });
});

it('comes too late for a run that was closed or taken back before', async () => {
  const farm = await runs.farm();
  const closed = await runs.accept(farm.hand);
  await runs.call('worker', farm.id, 'close_run', closed, 'step_failed');
  expect(await reserve(farm.id, closed)).toEqual({ outcome: 'refused', code: 'step_failed', closed: true });
  const withdrawn = await runs.accept(farm.hand);
  await runs.call('api', farm.id, 'withdraw_run', withdrawn, farm.hand.userId);
  expect(await reserve(farm.id, withdrawn)).toEqual({
    outcome: 'refused',
    code: 'run_withdrawn',
    closed: false,
  });
  expect(await runs.call('worker', farm.id, 'close_run', withdrawn, 'run_withdrawn')).toMatchObject({
    outcome: 'withdrawn',
  });
  expect(await runs.count('credit_ledger', { tenant_id: farm.id, kind: 'reserve' })).toBe(0);
});

it('knows no run of another tenant', async () => {
  const runId = await runs.accept(runs.world.farm.hand);
  expect(await stateOf(reserve(runs.world.hospital.id, runId))).toBe('ZC010');
});
