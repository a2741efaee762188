import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gate } from '../../contract/wire/gate';
import type { Intent } from '../../contract/wire/decision';
import { governedRuns } from '../support/governed';
import { testApi } from './support/server';

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

/** Far more than one answer's three seconds, far fewer than would need a pool of their own. */
const VERDICTS = 12;

it('answers verdicts that nobody can apply yet with 202 and where to look, and applies each once later', async () => {
  const { hand, owner } = governed.world.farm;
  const first = await governed.startWorker();
  const gates: Gate[] = [];
  for (let count = 0; count < VERDICTS; count += 1) {
    const { body: run } = await api.ask(hand, 'runs.create', {
      body: {
        purpose: 'farm.record',
        input: { note: `Sold ${count + 2} crates of eggs for ₦45,000`, occurred_at: '2026-11-24T08:00:00Z' },
      },
      headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
    });
    const { body: list } = await api.ask(owner, 'gates.list', { query: { run_id: run.id } });
    for (const { id } of list.items) gates.push((await api.ask(owner, 'gates.get', { params: { id } })).body);
  }
  expect(gates).toHaveLength(VERDICTS);
  await first.stop();

  const answers = await Promise.all(
    gates.map((gate) =>
      api.ask(owner, 'gates.decide', {
        params: { id: gate.id },
        body: {
          verdict: 'approve',
          reason_code: gate.reason_codes[0],
          gate_version: gate.version,
          proposal_hash: gate.proposal_hash,
          shown_hash: gate.shown_hash ?? '',
        },
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(VERDICTS).fill(202));
  const intents = answers.map(({ body, headers }) => {
    const intent = body as Intent;
    expect(intent.outcome).toBeNull();
    expect(headers.get('location')).toBe(`/v1/intents/${intent.id}`);
    return intent;
  });

  await governed.startWorker();
  for (const intent of intents) {
    // What the sweep does, which has a test of its own: the Update may have died with its caller.
    await governed.handle(intent.run_id).signal('approve', { intentId: intent.id, gateId: intent.gate_id });
  }
  const deadline = performance.now() + 30_000;
  for (const intent of intents) {
    let known = await api.ask(owner, 'intents.get', { params: { id: intent.id } });
    while (known.body.outcome === null && performance.now() < deadline) {
      await sleep(100);
      known = await api.ask(owner, 'intents.get', { params: { id: intent.id } });
    }
    expect(known.body.outcome).toBe('applied');
  }
  const { body: decisions } = await api.ask(owner, 'decisions.list', { query: { limit: 200 } });
  expect(decisions.items.filter(({ actor_kind: kind }) => kind === 'human')).toHaveLength(VERDICTS);
  // A sample is drawn by its seed, and by nobody's hand.
  const draw = async (seed: string): Promise<string[]> => {
    const { body } = await api.ask(owner, 'decisions.list', { query: { sample: 4, seed } });
    return body.items.map(({ id }) => id);
  };
  const drawn = await draw('2026-11');
  expect(drawn).toHaveLength(4);
  expect(await draw('2026-11')).toEqual(drawn);
  expect(await draw('2026-12')).not.toEqual(drawn);
  const { body: evidence } = await api.ask(owner, 'evidence.get');
  expect(evidence.checks.filter(({ holds }) => !holds)).toEqual([]);
}, 120_000);
