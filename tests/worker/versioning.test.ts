import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { checkTemporal } from '../../stack/doctor/temporal';
import { buildOf, builtWorkflows, makeCurrent, readRelease } from '../../stack/temporal/release';
import { progressQuery } from '../../workflows/messages';
import { first } from '../support/first';
import { governedRuns } from '../support/governed';
import { bundleOf, releases } from '../support/histories';

/*
 * A deploy with worker versioning, on a real server: nothing runs until a build is current, and what waits goes on with the
 * next one when that is.
 */

const governed = governedRuns({ worker: false });
const earlier = bundleOf(releases()[0] ?? '');

afterEach(() => {
  delete process.env.COUNTERSIGN_WORKER_VERSIONING;
});

async function startSale(text: string): Promise<string> {
  return await governed.start(governed.world.farm.hand, 'farm.record', {
    note: text,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
}

async function doctor(): Promise<{ readonly verdict: string; readonly detail: string }> {
  process.env.COUNTERSIGN_WORKER_VERSIONING = 'auto_upgrade';
  const { address, namespace } = governed.temporal;
  return await checkTemporal({ temporalAddress: address, temporalNamespace: namespace } as Parameters<
    typeof checkTemporal
  >[0]);
}

/** What the command prints as JSON. */
async function command(...words: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/cli/main.js', 'build', ...words, '--json'],
    {
      env: {
        PATH: process.env.PATH,
        TEMPORAL_ADDRESS: governed.temporal.address,
        TEMPORAL_NAMESPACE: governed.temporal.namespace,
      },
    },
  );
  return JSON.parse(stdout) as unknown;
}

async function lengthOf(runId: string): Promise<number> {
  return (await governed.handle(runId).fetchHistory()).events?.length ?? 0;
}

it('runs nothing until a build is current, and takes what waits to the next one', async () => {
  const { farm } = governed.world;
  const { address, namespace } = governed.temporal;
  expect(await readRelease(address, namespace)).toEqual({ current: null, builds: [] });
  await expect(makeCurrent(address, namespace, 'nobody')).rejects.toThrow('Temporal knows no build nobody');

  const worker = await governed.startWorker({ bundle: earlier, versioned: true });
  const runId = await startSale('Sold 61 crates of eggs for ₦91,500');
  await sleep(2_000);
  expect(await lengthOf(runId)).toBe(2);
  expect(await doctor()).toMatchObject({
    verdict: 'fail',
    detail: expect.stringContaining('no build is current, so nothing runs') as string,
  });

  while ((await readRelease(address, namespace)).builds.length < 1) await sleep(100);
  await makeCurrent(address, namespace, buildOf(earlier));
  await governed.settled(farm.id, runId);
  while ((await governed.handle(runId).query(progressQuery)).step !== 'await') await sleep(25);
  expect(await doctor()).toMatchObject({
    verdict: 'warn',
    detail: expect.stringContaining(`build ${buildOf(earlier)} is current`) as string,
  });

  const present = buildOf(builtWorkflows());
  await governed.startWorker({ versioned: true });
  // Before it is current, the next release does nothing.
  const waiting = await startSale('Sold 62 crates of eggs for ₦93,000');
  await governed.settled(farm.id, waiting);
  while ((await readRelease(address, namespace)).builds.length < 2) await sleep(100);
  const { builds } = await makeCurrent(address, namespace, present);
  expect(builds.map(({ build }) => build).sort()).toEqual([present, buildOf(earlier)].sort());
  await worker.stop();

  const gate = first(await governed.gates(farm.id, runId));
  expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
  expect(await doctor()).toMatchObject({ verdict: 'ok' });
  const facts = await readRelease(address, namespace);
  expect(facts.current).toBe(present);
  expect(await command('show')).toMatchObject({ built: present, current: present });
  expect(await command('set-current', present)).toMatchObject({ current: present });
  // The other run has not woken since, so it is of the earlier build still.
  expect(facts.builds.find(({ build }) => build === buildOf(earlier))).toMatchObject({ runs: 1 });
}, 120_000);
