import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/dependencies';
import {
  createSweepDocuments,
  createSweepRuns,
  type RunStarter,
  type SweepAnswer,
} from '../../activities/sweep';
import { testDatabase } from '../support/database';
import { buildWorld, type World } from '../support/world';

const database = testDatabase();
let world: World;

/** A Temporal in which no run has a workflow yet, but for what a test changes. */
function temporal(changes: Partial<RunStarter> = {}): ActivityDependencies {
  const runs: RunStarter = {
    describe: async () => await Promise.resolve('absent'),
    start: async () => await Promise.resolve(),
    endedFromOutside: async () => await Promise.resolve([]),
    deliver: async () => await Promise.resolve(false),
    read: async () => await Promise.resolve(),
    replay: async () => await Promise.resolve(),
    sendDelivery: async () => await Promise.resolve(),
    sendMail: async () => await Promise.resolve(),
    tellToLook: async () => await Promise.resolve(),
    ...changes,
  };
  return { database: database.open('worker'), runs } as unknown as ActivityDependencies;
}

async function sweepRuns(dependencies: ActivityDependencies): Promise<SweepAnswer> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return await environment.run(createSweepRuns(dependencies));
}

async function clearWork(): Promise<void> {
  await database.look("update core.worklist set due_at = due_at + interval '1 day'");
}

async function makeDue(runId: string): Promise<void> {
  await database.look("update core.worklist set due_at = app.now() - interval '1 second' where ref_id = $1", [
    runId,
  ]);
}

beforeAll(async () => {
  world = await buildWorld(database);
}, 120_000);

async function acceptedRun(): Promise<string> {
  const { id, hand } = world.farm;
  const accepted = await database.as('api', id, (transaction) =>
    transaction.value<{ run_id: string }>('select app.accept_run($1, $2, $3, $4, $5, $6, null)', [
      'test',
      randomUUID(),
      '{}',
      'farm.record',
      '{}',
      hand.userId,
    ]),
  );
  return accepted.run_id;
}

it('goes on to the next run when one can not be repaired, and has that one due again', async () => {
  const runIds = [await acceptedRun(), await acceptedRun(), await acceptedRun()];
  await database.look("update core.worklist set due_at = due_at - interval '1 hour'");
  const started: string[] = [];
  const unreachable = runIds[0];
  // A Temporal that does not answer for one of them.
  const answer = await sweepRuns(
    temporal({
      start: async ({ runId }) => {
        if (runId === unreachable) throw new Error('no answer');
        started.push(runId);
        await Promise.resolve();
      },
    }),
  );
  expect(answer).toEqual({ seen: 3, repaired: 2, failed: 1 });
  expect(started.sort()).toEqual(runIds.slice(1).sort());
  const due = await database.look('select from core.worklist where ref_id = $1', [unreachable]);
  expect(due).toHaveLength(1);
});

it('backs off from a run that can not be repaired, which stops no other, and pages once for it', async () => {
  await clearWork();
  const [broken, whole] = [await acceptedRun(), await acceptedRun()];
  let startedWhole = 0;
  const breaking = temporal({
    start: async ({ runId }) => {
      if (runId === broken) throw new Error('no answer');
      startedWhole += 1;
      await Promise.resolve();
    },
  });
  const pauses: number[] = [];
  for (let round = 1; round <= 8; round += 1) {
    await makeDue(broken);
    await makeDue(whole);
    expect(await sweepRuns(breaking)).toEqual({ seen: 2, repaired: 1, failed: 1 });
    const [row] = await database.look<{ seconds: number; failures: number }>(
      'select round(extract(epoch from due_at - failed_at))::integer as seconds, failures from core.worklist where ref_id = $1',
      [broken],
    );
    expect(row?.failures).toBe(round);
    pauses.push(row?.seconds ?? 0);
    expect(await pagesOf(broken)).toHaveLength(round < 5 ? 0 : 1);
  }
  expect(startedWhole).toBe(8);
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  expect(await pagesOf(broken)).toEqual([
    { cause: 'repair_failing run step_failed', code: 'repair_failing', count: 4n, events: 1n },
  ]);
});

it('counts no failure of work while the database is away', async () => {
  await clearWork();
  const runId = await acceptedRun();
  await makeDue(runId);
  const away = async () => await Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
  expect(await sweepRuns(temporal({ describe: away }))).toMatchObject({ failed: 1 });
  expect(await database.look('select failures from core.worklist where ref_id = $1', [runId])).toEqual([
    { failures: 0 },
  ]);
});

it('has the documents of other tenants read when those of one can not be', async () => {
  await clearWork();
  const others = world.hospital.id;
  for (const tenantId of [world.farm.id, world.farm.id, others])
    await database.look(
      "insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('document', $1, $2, app.now())",
      [tenantId, randomUUID()],
    );
  const read: [string, number][] = [];
  const dependencies = temporal({
    read: async ({ tenantId, documentIds }) => {
      if (tenantId === world.farm.id) throw new Error('no answer');
      read.push([tenantId, documentIds.length]);
      await Promise.resolve();
    },
  });
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  expect(await environment.run(createSweepDocuments(dependencies))).toEqual({
    seen: 3,
    repaired: 1,
    failed: 1,
  });
  expect(read).toEqual([[others, 1]]);
});

describe('a run whose workflow has ended', () => {
  it('is closed at once, before its turn, and not looked at again', async () => {
    await clearWork();
    const runId = await acceptedRun();
    const asked: string[] = [];
    const ended = temporal({
      endedFromOutside: async () =>
        await Promise.resolve([{ tenantId: world.farm.id, runId, endedAt: new Date() }]),
      describe: async (id) => {
        asked.push(id);
        return await Promise.resolve('ended');
      },
    });
    expect(await sweepRuns(ended)).toEqual({ seen: 1, repaired: 1, failed: 0 });
    expect(await sweepRuns(ended)).toEqual({ seen: 0, repaired: 0, failed: 0 });
    expect(asked).toEqual([runId]);
    expect(await database.look('select state, code from core.runs where id = $1', [runId])).toEqual([
      { state: 'closed', code: 'workflow_lost' },
    ]);
  });

  it('is left alone between its turns when it was started again, and looked at when that one ends too', async () => {
    await clearWork();
    const runId = await acceptedRun();
    let endedAt = new Date();
    const restarted = temporal({
      endedFromOutside: async () => await Promise.resolve([{ tenantId: world.farm.id, runId, endedAt }]),
      describe: async () => await Promise.resolve('running'),
    });
    const seen: number[] = [];
    for (let round = 1; round <= 3; round += 1) seen.push((await sweepRuns(restarted)).seen);
    endedAt = new Date(Date.now() + 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let round = 4; round <= 5; round += 1) seen.push((await sweepRuns(restarted)).seen);
    expect(seen).toEqual([1, 0, 0, 1, 0]);
  });

  it('and can not be repaired waits out its pause', async () => {
    await clearWork();
    const runId = await acceptedRun();
    const ended = [{ tenantId: world.farm.id, runId, endedAt: new Date() }];
    const once = temporal({
      endedFromOutside: async () => await Promise.resolve(ended),
      describe: async () => await Promise.reject(new Error('no answer')),
    });
    expect(await sweepRuns(once)).toEqual({ seen: 1, repaired: 0, failed: 1 });
    expect(await sweepRuns(once)).toEqual({ seen: 0, repaired: 0, failed: 0 });
  });
});

async function pagesOf(runId: string) {
  return await database.look<{ cause: string; code: string; count: bigint; events: bigint }>(
    `select p.cause, p.code, p.count, (select count(*) from core.audit_log l where l.run_id = p.run_id and l.type = 'ops.page') as events
     from core.pages p where p.run_id = $1`,
    [runId],
  );
}
