import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/dependencies';
import { createSweepReplays } from '../../activities/sweep';
import { createRunStarter } from '../../worker/run-starter';
import type { Moment } from '../support/faulty-workers';
import { faultyRuns } from './support/faulty-runs';

/*
 * SIGKILL of the worker before and after it repeats a stored prompt, of a replay whose start the API never sent: the sweep
 * starts it, the next worker ends it, and the model is asked once.
 */

const { governed, faults, startWorker, accept, startRun, gateOf } = faultyRuns();
const ENDED_MS_MAX = 60_000;

async function sweep(): Promise<void> {
  const { database, client, taskQueue } = governed;
  const dependencies = { database: database.open('worker'), runs: createRunStarter(client, taskQueue) };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  await environment.run(createSweepReplays(dependencies as unknown as ActivityDependencies));
}

/** A replay that is accepted, and that nobody has started. */
async function askedAgain(runId: string): Promise<string> {
  const { id: tenantId, owner } = governed.world.farm;
  const asked = await governed.database.as('api', tenantId, (transaction) =>
    transaction.value<{ replay_id: string }>('select app.accept_replay($1, null, $2, $3)', [
      runId,
      randomUUID(),
      owner.userId,
    ]),
  );
  return asked.replay_id;
}

interface Ended {
  readonly state: string;
  readonly agreement: string | null;
  readonly replay_call_id: string | null;
}

it.each<Moment>(['before', 'after'])(
  'a worker killed %s a replay leaves it to the next one, which asks no model twice',
  async (moment) => {
    const runId = await accept();
    const first = await startWorker();
    await startRun(runId);
    await gateOf(runId);
    const kill = faults.order('kill', 'repeatCall', moment, 'any');
    const replayId = await askedAgain(runId);
    const replay = async (): Promise<Ended | undefined> =>
      (
        await governed.database.look<Ended>(
          'select state, agreement, replay_call_id from core.replays where id = $1',
          [replayId],
        )
      )[0];

    const until = performance.now() + ENDED_MS_MAX;
    const untilGone = first.gone.then(() => true);
    while (!(await Promise.race([untilGone, sleep(500, false)]))) {
      if (performance.now() > until) throw new Error('no worker came to the replay');
      await sweep();
    }
    await kill.met();
    const second = await startWorker();
    while ((await replay())?.state !== 'closed') {
      if (performance.now() > until + ENDED_MS_MAX)
        throw new Error(`still ${JSON.stringify(await replay())}`);
      await sleep(100);
    }
    const ended = await replay();
    expect(ended?.agreement).toBe('exact');
    const attempts = await governed.database.look<{ state: string }>(
      'select state from core.ai_run_attempts where ai_run_id = $1',
      [ended?.replay_call_id],
    );
    expect(attempts).toEqual([{ state: 'answered' }]);
    await second.stop();
  },
  180_000,
);
