import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { CodedFailure } from '../../activities/coded-failure';
import { ATTEMPTS_MAX } from '../../contract/model';
import { APPROVED, expectBooksHold, tracesOf } from '../faults/support/books';
import { only } from '../faults/support/faulty-runs';
import { governedRuns } from '../support/governed';
import { skippingServer } from './time/skipping-server';

/* What fails each time: it is tried on, seen by operations, and goes on when it is mended. The server skips the pauses. */

const server = skippingServer();
const governed = governedRuns({ worker: false, server: server.start });

const MINUTES_MAX = 60;
let sold = 0;

async function startSale(): Promise<string> {
  sold += 1;
  return await governed.start(governed.world.farm.hand, 'farm.record', {
    note: `We sold ${sold} crates of eggs for ₦${sold * 1_500}`,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
}

/** Lets the server's time pass, minute by minute, until something is there. */
async function inTime<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let minute = 0; minute < MINUTES_MAX; minute += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await server.sleep('1 minute');
    // What was due needs real time to be carried out, before more of the server's is skipped.
    await sleep(100);
  }
  throw new Error('it never happened');
}

interface PageRow {
  readonly cause: string;
  readonly code: string;
  readonly run_id: string;
  readonly count: bigint;
}

async function pages(): Promise<PageRow[]> {
  return await governed.database.as('api', governed.world.farm.id, (transaction) =>
    transaction.rows<PageRow>('select cause, code, run_id, count from app.pages order by opened_at'),
  );
}

it('a step that the database refuses each time is one page, and the run ends right once that is mended', async () => {
  const { database, world } = governed;
  const worker = await governed.startWorker();
  const runId = await startSale();
  await governed.settled(world.farm.id, runId);
  await database.look(
    `create function core.break_settling() returns trigger language plpgsql as $$
       begin raise exception 'a fault that somebody has brought in'; end $$`,
  );
  await database.look(
    `create trigger breaks_settling before insert on core.credit_ledger for each row
     when (new.run_id = '${runId}' and new.kind = 'settle') execute function core.break_settling()`,
  );
  await governed.decide(world.farm.owner, only(await governed.gates(world.farm.id, runId)), 'approve');

  const paged = await inTime(async () => (await pages())[0]);
  expect(paged).toMatchObject({ cause: 'step_stuck settle step_failed', code: 'step_stuck', run_id: runId });
  expect(await inTime(async () => ((await pages())[0]?.count ?? 0n) >= 3n || undefined)).toBe(true);
  // Another run of the same tenant is not held up.
  const other = await startSale();
  await governed.settled(world.farm.id, other);
  await governed.decide(world.farm.owner, only(await governed.gates(world.farm.id, other)), 'approve');
  await governed.handle(other).result();

  await database.look('drop function core.break_settling cascade');
  await inTime(async () =>
    (await governed.run(world.farm.id, runId)).state === 'closed' ? true : undefined,
  );
  await governed.handle(runId).result();
  const [before, after] = [APPROVED.events.slice(0, 4), APPROVED.events.slice(4)];
  expect(await tracesOf(governed, runId)).toEqual({ ...APPROVED, events: [...before, 'ops.page', ...after] });
  expect(await tracesOf(governed, other)).toEqual(APPROVED);
  expect(await pages()).toHaveLength(1);
  await expectBooksHold(governed, world.farm.id);
  await worker.stop();
}, 120_000);

it('a model call loses no attempt to tasks that were taken and never carried out', async () => {
  const { world } = governed;
  const tasks: number[] = [];
  const worker = await governed.startWorker({
    wrap: (activities) => ({
      ...activities,
      invoke: async (request) => {
        const { attempt } = Context.current().info;
        tasks.push(attempt);
        if (attempt <= ATTEMPTS_MAX.retry + 1) throw new CodedFailure('step_failed', true);
        return await activities.invoke(request);
      },
    }),
  });
  const runId = await startSale();
  await inTime(async () =>
    (await governed.run(world.farm.id, runId)).state === 'waiting' ? true : undefined,
  );
  expect(Math.max(...tasks)).toBeGreaterThan(ATTEMPTS_MAX.retry + 1);
  const gate = only(await governed.gates(world.farm.id, runId));
  expect(gate.manual).toBe(false);
  await governed.decide(world.farm.owner, gate, 'approve');
  await governed.handle(runId).result();
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  await worker.stop();
}, 120_000);
