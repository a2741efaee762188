import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client as DatabaseClient } from 'pg';
import { pause } from '../../client/transport';
import type { Run } from '../../contract/wire/run';
import { FARM } from '../seed/cast';
import { approve } from './farm-scenes';
import { hold, holdNext, letGo } from './hold';
import { openGate, type Stage } from './stage';

const FARM_ID = FARM.tenant.id;
const NOTE = 'farm.record';
const ADVICE = 'farm.recommendation';

/** Nothing listens there, so every call is surely unbilled. */
const CLOSED_ENDPOINT = 'http://127.0.0.1:1';

/** What makes Bedrock a vendor that is down: no call of the demo leaves this machine. */
export const UNREACHABLE_BEDROCK: Readonly<Record<string, string>> = {
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: CLOSED_ENDPOINT,
  AWS_REGION: 'us-east-1',
  AWS_PROFILE: '',
  AWS_ACCESS_KEY_ID: 'demo',
  AWS_SECRET_ACCESS_KEY: 'demo',
};

/** The platform lists and prices a model whose vendor is down, and the farm hand asks for advice from it. */
export async function askUnreachableModel(stage: Stage): Promise<void> {
  const platform = stage.as('platform');
  const { model } = await platform.purposes.get(ADVICE);
  await platform.vendors.put(
    model,
    {
      listed: true,
      baa_active: false,
      baa_expires_at: null,
      baa_sha256: null,
      zdr_active: true,
      retention_mode: 'none',
      leaves_perimeter: true,
      notes: 'Listed by the demo. Its address is a closed port of this machine.',
    },
    { version: 0 },
  );
  await platform.prices.put(
    model,
    {
      input_nano_usd_per_token: '3000',
      output_nano_usd_per_token: '15000',
      cache_read_nano_usd_per_token: '300',
      cache_write_nano_usd_per_token: '3750',
    },
    { version: 0 },
  );
  const input = { question: 'Layers in House 2 lay fewer eggs since Monday. What should we check first?' };
  await stage.start(
    {
      by: stage.as('hand'),
      tenantId: FARM_ID,
      what: 'a model that is down',
      role: 'unreachable',
      expected: 'approved',
    },
    { purpose: ADVICE, input },
  );
  stage.say('  Listed and priced; the question is asked, and retried in the background from now on');
}

/** When the retries are used up a manual gate opens, and a person writes the advice. */
export async function decideByHand(stage: Stage): Promise<void> {
  const owner = stage.as('owner');
  const run = await stage.until(owner, stage.theRunOf('unreachable'), 'decidable');
  const gate = await openGate(owner, run);
  stage.say(`  “${gate.question ?? ''}”`);
  await owner.gates.approve(gate, {
    reason_code: 'other',
    edits: {
      title: 'Look at the water first',
      advice: 'Clean the drinkers and measure what House 2 drinks in a day.',
      sources: [{ field: 'question' }],
    },
  });
  const { outcome, credits } = await stage.until(owner, run.id, 'closed');
  stage.say(`  The owner writes it by hand: ${outcome ?? ''}, ${credits.actual ?? '?'} credits taken`);
}

/** An operator ends a run's workflow from outside. Nobody tells the product. */
export async function terminate(stage: Stage): Promise<void> {
  const run = await sale(stage, 'terminated from outside', 'terminated', 'Sold 7 crates of eggs for ₦10,500');
  const connection = await Connection.connect({ address: stage.stack.temporalAddress });
  try {
    const client = new TemporalClient({ connection, namespace: stage.stack.temporalNamespace });
    await client.workflow.getHandle(run.workflow_id).terminate('The demo plays an operator.');
  } finally {
    await connection.close();
  }
  const { state } = await stage.as('hand').runs.get(run.id);
  stage.say(`  Its workflow is gone, and the run is still ${state}: one credit is held for nothing`);
  stage.say('  The reconciler will find it: it looks every few seconds');
}

/** The worker dies between the model's answer and the draft, and the run ends as if nothing had happened. */
export async function kill(stage: Stage): Promise<void> {
  const { stack } = stage;
  const hand = stage.as('hand');
  holdNext(stack.home);
  const run = await stage.start(
    {
      by: hand,
      tenantId: FARM_ID,
      what: 'its worker was killed',
      role: 'killed',
      expected: 'approved',
    },
    saleRequest('Sold 9 crates of eggs for ₦13,500'),
  );
  hold(stack.home, run.id);
  const held = await answered(stage, run.id);
  stage.say(`  The model has answered, the run is at ${held.step}: SIGKILL to the worker`);
  await stack.kill('worker', 'SIGKILL');
  letGo(stack.home);
  await stack.ready('worker');
  const drafted = await stage.until(hand, run.id, 'decidable');
  stage.say(`  The worker is back, the draft is there: ${drafted.calls} model call in all`);
  await approve(stage.as('owner'), await openGate(stage.as('owner'), drafted));
  const { outcome, credits } = await stage.until(hand, run.id, 'closed');
  stage.say(`  The owner approves: ${outcome ?? ''}, ${credits.actual ?? '?'} credit taken`);
}

/** What the reconciler has done for the run whose workflow was terminated. */
export async function reconciled(stage: Stage): Promise<void> {
  const hand = stage.as('hand');
  const run = await stage.until(hand, stage.theRunOf('terminated'), 'closed');
  stage.say(
    `  The terminated run: ${run.outcome ?? ''}, ${run.credits.reserved} reserved, ${run.credits.actual ?? '?'} settled`,
  );
}

const DAYS = 31;

/**
 * Time runs out for the packet that nobody decided. The deadline is compared with the database's clock, so that is what
 * is moved, as the owner of the demo's own database: the one thing here that is neither HTTP nor an operator's act.
 */
export async function expire(stage: Stage): Promise<void> {
  stage.say(`  Moving the database's clock ${DAYS} days on`);
  const database = new DatabaseClient({
    connectionString: stage.stack.databaseUrl('countersign_migrator'),
    application_name: 'countersign-demo',
  });
  await database.connect();
  try {
    await database.query(
      `begin; set local role countersign_owner; select app.shift_clock(interval '${DAYS} days'); commit`,
    );
  } finally {
    await database.end();
  }
  stage.say("  Temporal's timer is still weeks away: the reconciler finds what is past due");
  const runId = stage.theRunOf('expiring');
  const { outcome } = await stage.until(stage.as('staff'), runId, 'closed');
  const { items } = await stage.as('auditor').decisions.list({ run_id: runId });
  stage.say(`  The packet: ${outcome ?? ''}, by no decision of anybody (${items.length} decisions)`);
}

async function sale(stage: Stage, what: string, role: 'terminated', note: string): Promise<Run> {
  const asking = { by: stage.as('hand'), tenantId: FARM_ID, what, role, expected: 'withdrawn' } as const;
  return await stage.ask(asking, saleRequest(note));
}

function saleRequest(note: string) {
  return { purpose: NOTE, input: { note, occurred_at: '2026-11-24T10:00:00+01:00' } };
}

const ANSWER_MS_MAX = 60_000;

/** Waits until the model has answered a run that is held before it is judged. */
async function answered(stage: Stage, runId: string): Promise<Run> {
  const hand = stage.as('hand');
  const deadline = performance.now() + ANSWER_MS_MAX;
  while (performance.now() < deadline) {
    const { items } = await hand.runs.calls(runId);
    if (items.some(({ kind, status }) => kind === 'primary' && status === 'succeeded'))
      return await hand.runs.get(runId);
    await pause(100);
  }
  throw new Error(`Run ${runId} got no answer within ${ANSWER_MS_MAX} ms.`);
}
