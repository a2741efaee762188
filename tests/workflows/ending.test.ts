import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/create';
import type { Provider } from '../../contract/model';
import { first } from '../support/first';
import { governedRuns } from '../support/governed';
import { allowModel } from '../support/world';

/* Runs that are cancelled, withdrawn or broken at each step: what was held comes back, what was decided stays. */

const governed = governedRuns({ worker: false });

/** Holds one activity until it is let go, once. */
class Hold {
  step: keyof Activities | undefined;
  reached = Promise.resolve();
  #tell: () => void = () => undefined;
  #go: () => void = () => undefined;
  #gone = Promise.resolve();

  at(step: keyof Activities): void {
    this.step = step;
    this.reached = new Promise((resolve) => (this.#tell = resolve));
    this.#gone = new Promise((resolve) => (this.#go = resolve));
  }

  async pass(step: string): Promise<void> {
    if (this.step !== step) return;
    this.step = undefined;
    this.#tell();
    await this.#gone;
  }

  letGo(): void {
    this.#go();
  }
}

const hold = new Hold();
let broken: { step: string; code: string } | undefined;
let slow = false;

/** A model that answers only when it is told to stop. */
const waitingModel: Provider = {
  vendor: 'bedrock',
  complete: async ({ signal }) =>
    await new Promise((_resolve, reject) => {
      slow = true;
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    }),
};

beforeAll(async () => {
  await governed.startWorker({
    providers: { bedrock: waitingModel },
    wrap: (activities) =>
      Object.fromEntries(
        Object.entries(activities).map(([name, activity]) => [
          name,
          async (argument: never) => {
            await hold.pass(name);
            if (broken?.step === name) throw ApplicationFailure.nonRetryable('broken', broken.code);
            return await (activity as (input: never) => Promise<unknown>)(argument);
          },
        ]),
      ) as unknown as Activities,
  });
});

let crates = 500;

async function startSale(): Promise<string> {
  crates += 1;
  return await governed.start(governed.world.farm.hand, 'farm.record', {
    note: `Sold ${crates} crates of eggs for ₦${crates * 1500}`,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
}

async function moneyOf(runId: string): Promise<{ legs: string[]; held: string }> {
  const rows = await governed.database.look<{ legs: string[]; held: string }>(
    `select array(select kind from core.credit_ledger where run_id = $1 order by seq) as legs,
       (select held_nano_usd::text from core.accounts where tenant_id = (select tenant_id from core.runs where id = $1)) as held`,
    [runId],
  );
  return first(rows);
}

it.each(['reserve', 'scrub', 'evaluate', 'draft'] as const)(
  'gives back what was held when it is cancelled at %s',
  async (step) => {
    const { farm } = governed.world;
    hold.at(step);
    const runId = await startSale();
    await hold.reached;
    await governed.handle(runId).cancel();
    hold.letGo();
    const result = (await governed.handle(runId).result()) as { outcome: string };
    const run = await governed.run(farm.id, runId);
    expect(run).toMatchObject({ state: 'closed', outcome: result.outcome });
    expect(['withdrawn', 'failed']).toContain(run.outcome);
    expect(await moneyOf(runId)).toEqual({
      legs: run.reserved_credits > 0n ? ['reserve', 'settle'] : [],
      held: '0',
    });
    expect(await governed.gates(farm.id, runId)).toEqual(
      (await governed.gates(farm.id, runId)).filter((gate) => gate.closed_at !== null),
    );
  },
);

it('withdraws a run whose workflow is cancelled while it waits', async () => {
  const { farm } = governed.world;
  const runId = await startSale();
  await governed.settled(farm.id, runId);
  await governed.handle(runId).cancel();
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'withdrawn', code: null });
  expect(await moneyOf(runId)).toEqual({ legs: ['reserve', 'settle'], held: '0' });
});

it.each(['settle', 'audit'] as const)(
  'keeps a decision and runs forward when it is cancelled at %s',
  async (step) => {
    const { farm } = governed.world;
    const runId = await startSale();
    await governed.settled(farm.id, runId);
    const gate = first(await governed.gates(farm.id, runId));
    hold.at(step);
    const stored = await governed.store(farm.owner, gate, 'approve');
    await governed.handle(runId).signal('approve', { intentId: stored.intent_id, gateId: gate.id });
    await hold.reached;
    await governed.handle(runId).cancel();
    hold.letGo();
    expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
    expect(await governed.run(farm.id, runId)).toMatchObject({ outcome: 'approved', actual_credits: 1n });
  },
);

it('stops a model call that is under way when the run is withdrawn, and refunds it in full', async () => {
  const { farm, platformAdmin, registry } = governed.world;
  const purpose = first(registry.purposes.filter((one) => one.model.vendor === 'bedrock' && !one.phi));
  await allowModel(governed.database, platformAdmin, purpose.model);
  const runId = await governed.start(farm.hand, purpose.name, purpose.example);
  while (!slow) await new Promise((resolve) => setTimeout(resolve, 25));
  await governed.database.as('api', farm.id, (transaction) =>
    transaction.value('select app.withdraw_run($1, $2)', [runId, farm.hand.userId]),
  );
  await governed.handle(runId).signal('withdraw');
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'withdrawn', code: null });
  expect(await governed.run(farm.id, runId)).toMatchObject({ outcome: 'withdrawn', actual_credits: 0n });
  expect(await moneyOf(runId)).toEqual({ legs: ['reserve', 'settle'], held: '0' });
});

it.each(['scrub', 'evaluate', 'draft'])(
  'fails, and refunds or settles, when %s breaks for good',
  async (step) => {
    const { farm } = governed.world;
    broken = { step, code: 'step_failed' };
    try {
      const runId = await startSale();
      expect(await governed.handle(runId).result()).toEqual({ outcome: 'failed', code: 'step_failed' });
      const run = await governed.run(farm.id, runId);
      expect(run).toMatchObject({
        outcome: 'failed',
        code: 'step_failed',
        actual_credits: step === 'scrub' ? 0n : 1n,
      });
      expect(await moneyOf(runId)).toEqual({ legs: ['reserve', 'settle'], held: '0' });
    } finally {
      broken = undefined;
    }
  },
);

it('closes what was terminated from outside, by the reconciler, and applies a verdict that was accepted before', async () => {
  const { farm } = governed.world;
  const [lost, decided] = [await startSale(), await startSale()];
  await Promise.all([lost, decided].map((runId) => governed.settled(farm.id, runId)));
  const gate = first(await governed.gates(farm.id, decided));
  await governed.store(farm.owner, gate, 'approve');
  await Promise.all([lost, decided].map((runId) => governed.handle(runId).terminate()));
  await governed.client.workflow.execute('reconcile', {
    workflowId: `reconcile-${lost}`,
    taskQueue: governed.taskQueue,
    args: [{ rounds: 1 }],
  });
  expect(await governed.run(farm.id, lost)).toMatchObject({ state: 'closed', outcome: 'withdrawn' });
  expect(await governed.run(farm.id, decided)).toMatchObject({ state: 'closed', outcome: 'approved' });
  for (const runId of [lost, decided]) {
    expect(await moneyOf(runId)).toEqual({ legs: ['reserve', 'settle'], held: '0' });
  }
});

it('starts an accepted run whose start was lost', async () => {
  const { farm } = governed.world;
  const runId = await governed.accept(farm.hand, 'farm.record', {
    note: 'All quiet.',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.database.look(
    "update core.worklist set due_at = due_at - interval '1 hour' where ref_id = $1",
    [runId],
  );
  await governed.client.workflow.execute('reconcile', {
    workflowId: `reconcile-${runId}`,
    taskQueue: governed.taskQueue,
    args: [{ rounds: 1 }],
  });
  expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'nothing' });
});
