import { testDatabase } from '../support/database';
import { sale, sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

afterEach(() => runs.shiftClock('0'));

const failed = (tenantId: string, kind: string, refId: unknown) =>
  runs.call<{ failures: number }>('worker', tenantId, 'work_failed', kind, refId, 'step_failed');

async function hasten(tenantId: string, runId: string, endedAt: Date): Promise<void> {
  const times = [endedAt.toISOString()];
  await runs.call('worker', null, 'hasten_work', [tenantId], [runId], times);
}

/** In how many seconds a piece of work is due. */
async function dueIn(refId: unknown): Promise<number> {
  const [row] = await database.look<{ seconds: number }>(
    'select round(extract(epoch from due_at - app.now()))::integer as seconds from core.worklist where ref_id = $1',
    [refId],
  );
  if (!row) throw new Error('there is no such work');
  return row.seconds;
}

describe('work that fails', () => {
  it('is put off ever longer, and pages from the fifth failure in a row on', async () => {
    const farm = await runs.farm();
    const runId = await runs.accept(farm.hand);
    for (const [index, seconds] of [5, 10, 20, 40, 80, 160, 300, 300].entries()) {
      expect(await failed(farm.id, 'run', runId)).toEqual({ failures: index + 1 });
      expect(await dueIn(runId)).toBe(seconds);
      expect(await runs.count('pages', { tenant_id: farm.id })).toBe(index < 4 ? 0 : 1);
    }
    expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({
      cause: 'repair_failing run step_failed',
      code: 'repair_failing',
      run_id: runId,
      count: 4n,
    });
    expect(await runs.count('outbox', { tenant_id: farm.id, topic: 'ops.page' })).toBe(1);
  });

  it('begins anew when it had not failed for half an hour', async () => {
    const farm = await runs.farm();
    const runId = await runs.accept(farm.hand);
    for (let time = 1; time <= 4; time += 1) await failed(farm.id, 'run', runId);
    await runs.shiftClock('31 minutes');
    expect(await failed(farm.id, 'run', runId)).toEqual({ failures: 1 });
    expect(await runs.count('pages', { tenant_id: farm.id })).toBe(0);
  });

  it('that is a verdict names its run', async () => {
    const farm = await runs.farm();
    const { runId, gates } = await runs.drafted(farm.hand, [sale()]);
    const [gate] = gates;
    if (!gate) throw new Error('no gate');
    const { intent_id: intentId } = await runs.store(farm.owner, gate, 'approve');
    for (let time = 1; time <= 5; time += 1) await failed(farm.id, 'intent', intentId);
    expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({
      cause: 'repair_failing intent step_failed',
      run_id: runId,
    });
    expect(await failed(farm.id, 'intent', runId)).toEqual({ failures: 0 });
  });

  it('is nobody else’s', async () => {
    const farm = await runs.farm();
    const runId = await runs.accept(farm.hand);
    expect(await failed(runs.world.hospital.id, 'run', runId)).toEqual({ failures: 0 });
    expect(await runs.row('worklist', { ref_id: runId })).toMatchObject({ failures: 0 });
  });
});

describe('a run whose workflow has ended', () => {
  it('is put before its turn once, and again when it ends again', async () => {
    const farm = await runs.farm();
    const runId = await runs.accept(farm.hand);
    const put = async (by: string): Promise<void> => {
      await database.look('update core.worklist set due_at = app.now() + $2::interval where ref_id = $1', [
        runId,
        by,
      ]);
    };
    const ended = new Date();
    await put('1 minute');
    await hasten(farm.id, runId, ended);
    expect(await dueIn(runId)).toBe(0);
    await put('1 minute');
    await hasten(farm.id, runId, ended);
    expect(await dueIn(runId)).toBe(60);
    await hasten(farm.id, runId, new Date(Date.now() + 1_000));
    expect(await dueIn(runId)).toBe(0);
  });

  it('has no work once it is closed', async () => {
    const farm = await runs.farm();
    const runId = await runs.accept(farm.hand);
    await runs.call('worker', farm.id, 'close_run', runId, 'step_failed');
    await hasten(farm.id, runId, new Date());
    expect(await runs.count('worklist', { ref_id: runId })).toBe(0);
  });
});
