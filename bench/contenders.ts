import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Client as ApiClient } from '../client/index';
import type { Database } from '../db/pool';
import { inTenant, type KeyProof } from '../db/transaction';
import { RUN_WORKFLOW } from '../workflows/messages';
import { runStartOptions } from '../workflows/start';
import type { Listener } from './bell';
import type { Contender } from './contender';
import { FLOOR_DECIDE, FLOOR_QUEUE, FLOOR_WORKFLOW } from './floor/names';

const PURPOSE = 'farm.record';

/** Whoever asks and whoever decides, as the database knows them. */
export interface Person {
  readonly tenantId: string;
  readonly userId: string;
  readonly keyId: string;
  /** Presented to the database as the API does. */
  readonly proof: KeyProof;
}

/** The bare workflow of the same message flow. */
export function floorContender(client: Client, listener: Listener): Contender {
  return {
    name: 'floor',
    async run() {
      const runId = randomUUID();
      const started = performance.now();
      const handle = await client.workflow.start(FLOOR_WORKFLOW, {
        ...runStartOptions({ tenantId: 'bench', runId, purpose: PURPOSE }, FLOOR_QUEUE),
        args: [runId],
      });
      await listener.heard(runId);
      const atGate = performance.now();
      await handle.executeUpdate(FLOOR_DECIDE, { args: ['approve'], updateId: randomUUID() });
      await handle.result();
      return { toGateMs: atGate - started, toSettledMs: performance.now() - atGate };
    },
  };
}

/** Runs as the API starts and decides them, by the same functions and messages, without HTTP. */
export interface GovernedRuns {
  /** Begins a run and waits until its gate is open. */
  toGate(): Promise<string>;
  /** Approves, and waits until the run is settled and closed. */
  toSettled(runId: string): Promise<void>;
}

export function governedRuns(
  client: Client,
  listener: Listener,
  database: Database,
  { tenantId, userId, keyId, proof }: Person,
): GovernedRuns {
  return {
    async toGate() {
      const input = nextNote();
      const { run_id: runId } = await inTenant(
        database,
        tenantId,
        (transaction) =>
          transaction.value<{ run_id: string }>('select app.accept_run($1, $2, $3, $4, $5, $6, null)', [
            'bench',
            randomUUID(),
            JSON.stringify(input),
            PURPOSE,
            JSON.stringify(input),
            userId,
          ]),
        proof,
      );
      await client.workflow.start(RUN_WORKFLOW, runStartOptions({ tenantId, runId, purpose: PURPOSE }));
      await listener.heard(runId);
      return runId;
    },

    async toSettled(runId) {
      const stored = await inTenant(
        database,
        tenantId,
        async (transaction) => {
          const [gate] = await transaction.rows<{ id: string; version: number; proposal_hash: string }>(
            'select id, version, proposal_hash from app.gates where run_id = $1',
            [runId],
          );
          if (!gate) throw new Error('the run has no gate');
          return await transaction
            .value<{ intent_id: string; code?: string }>(
              "select app.store_intent($1, $2, decode($3, 'hex'), app.shown_hash($1, $4), 'approve', null, 'correct', null, null, $4, $5, clock_timestamp())",
              [gate.id, gate.version, gate.proposal_hash, userId, keyId],
            )
            .then((answer) => ({ ...answer, gateId: gate.id }));
        },
        proof,
      );
      const handle = client.workflow.getHandle(runId);
      await handle.executeUpdate('decide', {
        args: [{ intentId: stored.intent_id, gateId: stored.gateId }],
        updateId: stored.intent_id,
      });
      await handle.result();
    },
  };
}

/** A governed run whose caller speaks to the database and Temporal as the API does, without HTTP. */
export function governedContender(runs: GovernedRuns): Contender {
  return {
    name: 'governed',
    async run() {
      const started = performance.now();
      const runId = await runs.toGate();
      const atGate = performance.now();
      await runs.toSettled(runId);
      return { toGateMs: atGate - started, toSettledMs: performance.now() - atGate };
    },
  };
}

/** A governed run through the HTTP API alone. */
export function apiContender(api: ApiClient): Contender {
  return {
    name: 'governed over HTTP',
    async run() {
      const started = performance.now();
      const run = await api.runs.create({ purpose: PURPOSE, input: nextNote() }, { waitSeconds: 30 });
      const gateId = run.proposals[0]?.gate;
      if (!gateId) throw new Error(`the run has no gate: ${run.state} ${run.outcome ?? ''}`);
      const gate = await api.gates.get(gateId);
      const atGate = performance.now();
      await api.gates.approve(gate, { reason_code: 'correct' });
      await api.runs.wait(run.id, { until: 'closed' });
      return { toGateMs: atGate - started, toSettledMs: performance.now() - atGate };
    },
  };
}

let crates = 0;

/** Each note is its own, since equal notes share one model call. */
function nextNote(): { note: string; occurred_at: string } {
  crates += 1;
  return {
    note: `Sold ${crates} crates of eggs for ₦${crates * 1_500}`,
    occurred_at: new Date().toISOString(),
  };
}
