import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities } from '../../activities/create';
import { createProviders } from '../../activities/gateway/create-providers';
import { createVault } from '../../activities/scrubber/vault';
import { createRunStarter } from '../../worker/run-starter';
import { bedrockServer } from '../activities/gateway/support/bedrock-server';
import { ANSWER, converseAnswer } from '../activities/gateway/support/converse';
import { allowModel } from '../support/world';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns } from './support/faulty-runs';
import { NO_WEBHOOKS } from '../support/no-webhooks';

/*
 * Workers that were taken for dead and come back: the steps that they still carry in their hands must not happen twice,
 * and what a vendor may have billed for them must not be forgotten.
 */

const vendor = bedrockServer();
const { governed, startWorker, accept, startRun, gateOf } = faultyRuns();

const WORST_CASE_NANO_USD = 12_000n + 2_000n * 2n;
const ONCE_ANSWERED = {
  state: 'closed',
  outcome: 'nothing',
  actual_credits: '1',
  legs: ['reserve', 'settle'],
  billed: ['primary succeeded'],
  attempts: ['lost', 'answered'],
};

let asked = 0;

async function ask(): Promise<string> {
  const { farm, platformAdmin, registry } = governed.world;
  const purpose = registry.purposes.find((one) => one.name === 'farm.recommendation');
  if (!purpose) throw new Error('the farm gives no recommendations');
  await allowModel(governed.database, platformAdmin, purpose.model);
  return await governed.start(farm.hand, purpose.name, { question: `What about house ${(asked += 1)}?` });
}

async function lostCost(runId: string): Promise<bigint | undefined> {
  const [lost] = await governed.database.look<{ cost_nano_usd: bigint }>(
    `select a.cost_nano_usd from core.ai_run_attempts a join core.ai_runs c on c.id = a.ai_run_id
     where c.run_id = $1 and a.state = 'lost'`,
    [runId],
  );
  return lost?.cost_nano_usd;
}

const environment = { AWS_REGION: 'us-east-1' };

it('lets another worker take over from one that lies still in a model call, and fences its late answer', async () => {
  const vendorIsHere = { ...environment, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: vendor.url };
  const zombie = await startWorker({ environment: vendorIsHere });
  let answerLate: (value?: unknown) => void = () => undefined;
  vendor.reply({ after: new Promise((resolve) => (answerLate = resolve)), body: converseAnswer(ANSWER) });
  const runId = await ask();
  await vendor.received(1);
  zombie.pause();

  const begun = performance.now();
  const healthy = await startWorker({ environment: vendorIsHere });
  await governed.handle(runId).result();
  process.stderr.write(
    `a call of a worker that lies still was taken over within ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`,
  );
  const traces = await tracesOf(governed, runId);
  expect(traces).toMatchObject(ONCE_ANSWERED);
  expect(await lostCost(runId)).toBe(WORST_CASE_NANO_USD);

  zombie.resume();
  answerLate();
  await zombie.stop();
  await healthy.stop();
  expect(await tracesOf(governed, runId)).toEqual(traces);
  expect(vendor.requests).toHaveLength(2);
  await expectBooksHold(governed, governed.world.farm.id);
}, 180_000);

/** The activities as a worker has them, without a workflow that calls them in order. */
function stepsByHand(): Activities {
  return createActivities({
    database: governed.database.open('worker'),
    registry: governed.world.registry,
    providers: createProviders(),
    vault: createVault(Buffer.alloc(32)),
    webhooks: NO_WEBHOOKS,
    runs: createRunStarter(governed.client, governed.taskQueue),
  });
}

async function inActivity<Result>(step: () => Promise<Result>): Promise<Result> {
  const environmentOfOne = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return await environmentOfOne.run(step);
}

/** Every step of a run that ends by one verdict, in order. */
function everyStep(runId: string, gateId: string, intentId: string): readonly (() => Promise<unknown>)[] {
  const { reserve, scrub, invoke, evaluate, draft, tick, decide, settle, audit, giveUp, withdraw } =
    stepsByHand();
  const run = { tenantId: governed.world.farm.id, runId };
  return [
    () => reserve(run),
    () => scrub(run),
    () => invoke({ ...run, kind: 'primary' }),
    () => evaluate({ ...run, advisorAsked: false }),
    () => draft({ ...run, advisory: 'available', senior: false }),
    () => tick({ tenantId: run.tenantId, gateId }),
    () => decide({ tenantId: run.tenantId, intentId, named: null }),
    () => settle(run),
    () => audit({ ...run, code: null }),
    () => giveUp({ ...run, kind: 'primary', code: 'model_unavailable' }),
    () => withdraw(run),
    () => audit({ ...run, code: 'step_failed' }),
  ];
}

it('changes nothing by any step that is carried out again after the end, twice', async () => {
  const { farm } = governed.world;
  const worker = await startWorker();
  const runId = await accept();
  await startRun(runId);
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(farm.owner, gate, 'approve');
  await governed.deliver(runId, gate.id, intentId);
  await governed.handle(runId).result();
  await worker.stop();
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  for (const step of everyStep(runId, gate.id, intentId)) {
    await inActivity(step);
    await inActivity(step);
    expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  }
  await expectBooksHold(governed, farm.id);
});

it('finds the tombstone of a run that was released before its reserve came', async () => {
  const { farm } = governed.world;
  const { reserve, scrub, audit } = stepsByHand();
  const run = { tenantId: farm.id, runId: await accept() };
  expect(await audit({ ...run, code: 'step_failed' })).toEqual({ outcome: 'failed', code: 'step_failed' });
  const released = await tracesOf(governed, run.runId);
  expect(released).toMatchObject({ state: 'closed', legs: [], work: '0' });
  expect(await reserve(run)).toEqual({ outcome: 'refused', code: 'step_failed' });
  expect(await inActivity(() => scrub(run))).toEqual({ outcome: 'closed', code: 'run_withdrawn' });
  expect(await tracesOf(governed, run.runId)).toEqual(released);
});

it('holds one credit by two reserves at the same moment', async () => {
  const { farm } = governed.world;
  const { reserve, audit } = stepsByHand();
  const run = { tenantId: farm.id, runId: await accept() };
  const both = await Promise.all([reserve(run), reserve(run)]);
  expect(both).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'reserved', code: null })));
  const ends = await Promise.all([
    audit({ ...run, code: 'step_failed' }),
    audit({ ...run, code: 'step_failed' }),
  ]);
  expect(ends).toEqual(Array.from({ length: 2 }, () => ({ outcome: 'failed', code: 'step_failed' })));
  expect(await tracesOf(governed, run.runId)).toMatchObject({
    legs: ['reserve', 'settle'],
    actual_credits: '0',
    events: ['run.accepted', 'credit.reserved', 'credit.settled', 'run.closed'],
  });
});
