import { Context } from '@temporalio/activity';
import { CodedFailure } from '../../activities/coded-failure';
import { createProviders } from '../../activities/gateway/create-providers';
import { createInvoke } from '../../activities/invoke';
import { tracesOf } from '../faults/support/books';
import { only } from '../faults/support/faulty-runs';
import { governedRuns } from '../support/governed';

/*
 * A model call that can never begin, because its model is known to be down for longer than anybody waits. No attempt is
 * made that could be counted, so the time is what ends it, and each task of the activity learns it from the one before.
 */

const governed = governedRuns({ worker: false });
const UNBEGUN_MS_MAX = 3_000;

it('opens a manual gate when its patience ends, also when a task between was taken and never carried out', async () => {
  const { database, world } = governed;
  const { vendor, model, region } = world.registry.purpose('farm.record', 1).model;
  await database.asOwner('__platform__', (transaction) =>
    transaction.rows(
      `insert into core.vendor_breakers (vendor, model, region, failures, openings, open_until, changed_at)
       values ($1, $2, $3, 10, 9, app.now() + interval '1 day', app.now())`,
      [vendor, model, region],
    ),
  );
  const told: unknown[] = [];
  await governed.startWorker({
    wrap: (activities) => {
      const invoke = createInvoke(
        { database: database.open('worker'), registry: world.registry, providers: createProviders() },
        { unbegunMsMax: UNBEGUN_MS_MAX },
      );
      return {
        ...activities,
        invoke: async (request) => {
          const { attempt, heartbeatDetails } = Context.current().info;
          told.push(heartbeatDetails);
          if (attempt === 2) throw new CodedFailure('step_failed', true);
          return await invoke(request);
        },
      };
    },
  });

  const begun = Date.now();
  const runId = await governed.start(world.farm.hand, 'farm.record', {
    note: 'We sold 7 crates of eggs for ₦10,500',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  expect(await governed.settled(world.farm.id, runId)).toMatchObject({
    state: 'waiting',
    advisory: 'unavailable',
  });
  expect(Date.now() - begun).toBeGreaterThanOrEqual(UNBEGUN_MS_MAX);
  expect(told).toEqual([undefined, expect.any(Number), told[1]]);

  const gate = only(await governed.gates(world.farm.id, runId));
  expect(gate.manual).toBe(true);
  await governed.decide(world.farm.owner, gate, 'reject');
  await governed.handle(runId).result();
  expect(await tracesOf(governed, runId)).toMatchObject({
    outcome: 'rejected',
    actual_credits: '0',
    legs: ['reserve', 'settle'],
    attempts: [],
    billed: [],
  });
});
