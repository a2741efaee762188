import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  Connection,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities, type Activities } from '../../activities/create';
import { createProviders } from '../../activities/gateway/create-providers';
import type { MailSending } from '../../activities/notify/attempt-mail';
import { createPostWebhook } from '../../activities/notify/post-webhook';
import { createWebhookSecrets } from '../../activities/notify/webhook-secrets';
import { keyRing, type KeyWrapper } from '../../activities/scrubber/key-ring';
import { createVault, type Vault } from '../../activities/scrubber/vault';
import { warmUpScrubber } from '../../activities/scrubber/warm-up';
import type { Provider } from '../../contract/model';
import type { Pack } from '../../contract/pack';
import type { Verdict } from '../../contract/states';
import { startTemporal, type RunningTemporal } from '../../stack/temporal/server';
import { versionOf, workerBehaviour } from '../../worker/behaviour';
import { createLogger } from '../../worker/log';
import { createRunStarter } from '../../worker/run-starter';
import { decideUpdate, RUN_WORKFLOW, type IntentAnswer } from '../../workflows/messages';
import { runStartOptions } from '../../workflows/start';
import { Canaries, contentInHistories } from './crossing';
import { testDatabase, type TestDatabase } from './database';
import { buildWorld, type Person, type World } from './world';

export interface RunRow {
  readonly id: string;
  readonly state: string;
  readonly step: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly advisory: string | null;
  readonly confidence_permille: number | null;
  readonly reserved_credits: bigint;
  readonly actual_credits: bigint | null;
  readonly deducted_credits: bigint | null;
  readonly shortfall_credits: bigint | null;
  readonly calls: bigint;
  readonly cost_nano_usd: bigint;
}

export interface GateRow {
  readonly id: string;
  readonly run_id: string;
  readonly proposal_id: string;
  readonly record_type: string;
  readonly record_class: string;
  readonly version: number;
  readonly proposal_hash: string;
  readonly roles: readonly string[];
  readonly seats: number;
  readonly manual: boolean;
  readonly due_at: string;
  readonly closed_at: string | null;
  readonly outcome: string | null;
  readonly dispositions: readonly string[];
  readonly rationale_rule: string;
  readonly question: { readonly question: string; readonly missing: readonly string[] };
}

export interface VerdictWords {
  readonly disposition?: string;
  readonly reasonCode?: string;
  readonly rationale?: string;
  readonly edits?: object;
}

export interface StoredIntent {
  readonly outcome: 'stored' | 'refused';
  readonly intent_id: string;
  readonly code?: string;
}

export type TestServer = Pick<RunningTemporal, 'address' | 'namespace' | 'stop'> & {
  readonly canList: boolean;
};

export interface WorkerChanges {
  /** Put around the activities, to hold or break a step. */
  readonly wrap?: (activities: Activities) => Activities;
  /** Put beside or over the product's own providers, by vendor. */
  readonly providers?: Readonly<Record<string, Provider>>;
  /** One of its own by default, which no other worker's values open in. */
  readonly vault?: Vault;
  /** Under which secrets of webhooks are sealed; of its own by default. */
  readonly keys?: KeyWrapper;
  /** None by default: nobody is written to. */
  readonly mail?: MailSending;
  /** The code of an earlier release's workflows, in place of what was built. */
  readonly bundle?: string;
  /** Whether tasks come back to the worker that has their run in memory. The time-skipping server gives them to no other one. */
  readonly sticky?: boolean;
  /** Whether it says of which build it is. */
  readonly versioned?: boolean;
}

/** Real runs: a database, a Temporal server, a worker with the product's own activities, and people who decide. */
export interface Governed {
  readonly database: TestDatabase;
  readonly world: World;
  readonly client: Client;
  readonly temporal: TestServer;
  readonly taskQueue: string;
  /** Stores a request as the API does, and returns the run's id. Nothing is started yet. */
  accept(by: Person, purpose: string, input: object, key?: string): Promise<string>;
  /** Stores a request and starts its workflow. */
  start(by: Person, purpose: string, input: object, key?: string): Promise<string>;
  handle(runId: string): WorkflowHandle;
  run(tenantId: string, runId: string): Promise<RunRow>;
  /** Waits until the run is waiting or closed, or in another state that is asked for. */
  settled(tenantId: string, runId: string, states?: readonly string[]): Promise<RunRow>;
  gates(tenantId: string, runId: string): Promise<GateRow[]>;
  /** Stores a verdict and does not deliver it. */
  store(by: Person, gate: GateRow, verdict: Verdict, words?: VerdictWords): Promise<StoredIntent>;
  /** Delivers a stored verdict by Update; answers with its stored outcome when the workflow has just closed. */
  deliver(runId: string, gateId: string, intentId: string): Promise<IntentAnswer>;
  /** Stores and delivers. */
  decide(by: Person, gate: GateRow, verdict: Verdict, words?: VerdictWords): Promise<IntentAnswer>;
  startWorker(changes?: WorkerChanges): Promise<TestWorker>;
}

export interface TestWorker {
  stop(): Promise<void>;
}

/** Nobody listens at the discard port: a vendor that is down. */
const UNREACHABLE = {
  endpoint: 'http://127.0.0.1:9',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
};

const UNTIL_MS_MAX = 30_000;
/** The status code of gRPC. */
const GRPC_FAILED_PRECONDITION = 9;
const BUNDLE = join(__dirname, '..', '..', 'dist', 'workflow-bundle.js');

/** For the test file that calls it at its top level: everything that real runs need, from before its first test on. */
export function governedRuns({
  worker = true,
  server = async () => ({ ...(await startTemporal()), canList: true }),
  packs,
}: {
  /** Whether a worker runs from the start. */
  readonly worker?: boolean;
  /** A dev server by default. */
  readonly server?: () => Promise<TestServer>;
  /** The product's own by default. */
  readonly packs?: readonly Pack[];
} = {}): Governed {
  const taskQueue = `test-${randomUUID()}`;
  const workers: TestWorker[] = [];
  const canaries = new Canaries();
  const started: string[] = [];
  let parts: { world: World; temporal: TestServer; connection: Connection; client: Client } | undefined;
  // Before the database's own: hooks run in the order of their definition, and a worker still uses it.
  afterAll(async () => {
    for (const running of workers) await running.stop();
    const crossed =
      parts === undefined
        ? []
        : await contentInHistories(parts.client, canaries, parts.temporal.canList ? undefined : started);
    await parts?.connection.close();
    await parts?.temporal.stop();
    if (crossed.length > 0) throw new Error(`content crossed Temporal:\n${crossed.join('\n')}`);
  }, 60_000);
  const database = testDatabase();
  const here = () => {
    if (parts === undefined) throw new Error('Governed runs are there inside hooks and tests only.');
    return parts;
  };

  beforeAll(async () => {
    const [world, temporal] = await Promise.all([buildWorld(database, packs), server()]);
    const connection = await Connection.connect({ address: temporal.address });
    parts = {
      world,
      temporal,
      connection,
      client: new Client({ connection, namespace: temporal.namespace, identity: 'test' }),
    };
    if (worker) await governed.startWorker();
  }, 120_000);

  const read = async <Row extends object>(tenantId: string, text: string, id: string): Promise<Row[]> =>
    await database.as('api', tenantId, (transaction) => transaction.rows<Row>(text, [id]));

  const governed: Governed = {
    database,
    taskQueue,
    get world() {
      return here().world;
    },
    get client() {
      return here().client;
    },
    get temporal() {
      return here().temporal;
    },

    async accept(by, purpose, input, key = randomUUID()) {
      canaries.plant(input);
      const accepted = await database.as('api', by.tenantId, (transaction) =>
        transaction.value<{ outcome: string; run_id: string }>(
          'select app.accept_run($1, $2, $3, $4, $5, $6, null)',
          [
            'POST /v1/runs',
            key,
            JSON.stringify({ purpose, input }),
            purpose,
            JSON.stringify(input),
            by.userId,
          ],
        ),
      );
      if (accepted.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
      return accepted.run_id;
    },

    async start(by, purpose, input, key) {
      const runId = await governed.accept(by, purpose, input, key);
      started.push(runId);
      await here().client.workflow.start(
        RUN_WORKFLOW,
        runStartOptions({ tenantId: by.tenantId, runId, purpose }, taskQueue),
      );
      return runId;
    },

    handle: (runId) => here().client.workflow.getHandle(runId),

    async run(tenantId, runId) {
      const [row] = await read<RunRow>(tenantId, 'select * from app.runs where id = $1', runId);
      if (!row) throw new Error('no such run');
      return row;
    },

    async settled(tenantId, runId, states = ['waiting', 'closed']) {
      const deadline = performance.now() + UNTIL_MS_MAX;
      for (;;) {
        const row = await governed.run(tenantId, runId);
        if (states.includes(row.state)) return row;
        if (performance.now() > deadline)
          throw new Error(`run ${runId} is still ${row.state} at ${row.step}`);
        await sleep(25);
      }
    },

    gates: async (tenantId, runId) =>
      await read<GateRow>(
        tenantId,
        `select g.*, c.question from app.gates g join app.gates_content c on c.tenant_id = g.tenant_id and c.id = g.id
         where g.run_id = $1 order by g.opened_at, g.id`,
        runId,
      ),

    async store(by, gate, verdict, words = {}) {
      canaries.plant(words);
      return await database.as('api', by.tenantId, (transaction) =>
        transaction.value<StoredIntent>(
          'select app.store_intent($1, $2, $3, app.shown_hash($1, $9), $4, $5, $6, $7, $8, $9, $10, clock_timestamp())',
          [
            gate.id,
            gate.version,
            Buffer.from(gate.proposal_hash, 'hex'),
            verdict,
            words.disposition ?? null,
            words.reasonCode ?? (gate.rationale_rule === 'reason_code' ? 'correct' : null),
            words.rationale ?? (gate.rationale_rule === 'text' ? 'As the sources show.' : null),
            words.edits === undefined ? null : JSON.stringify(words.edits),
            by.userId,
            by.keyId,
          ],
        ),
      );
    },

    async deliver(runId, gateId, intentId) {
      const deadline = performance.now() + UNTIL_MS_MAX;
      for (;;) {
        try {
          return await governed.handle(runId).executeUpdate(decideUpdate, {
            args: [{ intentId, gateId }],
            updateId: intentId,
          });
        } catch (error) {
          if (isDroppedUpdate(error) && performance.now() < deadline) continue;
          // A workflow that is closing takes no more messages; what became of the verdict stands in the database.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          const [answer] = await database.look<IntentAnswer>(
            'select outcome, code, decision_id as "decisionId" from core.intent_outcomes where intent_id = $1',
            [intentId],
          );
          if (!answer) throw error;
          return answer;
        }
      }
    },

    async decide(by, gate, verdict, words) {
      const stored = await governed.store(by, gate, verdict, words);
      if (stored.outcome !== 'stored') throw new Error(`the verdict was refused: ${stored.code ?? ''}`);
      return await governed.deliver(gate.run_id, gate.id, stored.intent_id);
    },

    async startWorker(changes = {}) {
      const running = await startTestWorker(governed, changes);
      workers.push(running);
      return running;
    },
  };
  return governed;
}

/**
 * The server lets go of an Update whose workflow task fails: its worker was killed, or the run closed as it arrived. The
 * product's sweep delivers such a verdict again; here it is sent once more under its own id.
 */
function isDroppedUpdate(error: unknown): boolean {
  if (!(error instanceof ServiceError) || !isGrpcServiceError(error.cause)) return false;
  const code: number = error.cause.code;
  return code === GRPC_FAILED_PRECONDITION;
}

async function startTestWorker(governed: Governed, changes: WorkerChanges): Promise<TestWorker> {
  if (Runtime._instance === undefined)
    Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const { database, world, temporal, client, taskQueue } = governed;
  const connection = await NativeConnection.connect({ address: temporal.address });
  const secrets = createWebhookSecrets(database.open('worker'), changes.keys ?? keyRing(randomBytes(32)));
  // A vault of a test's own is about master keys: then no other one may wrap anything.
  if (changes.vault === undefined || changes.keys !== undefined) await secrets.prepare();
  const activities = createActivities({
    database: database.open('worker'),
    mail: changes.mail,
    webhooks: { post: createPostWebhook({ allowLoopback: true, timeoutMs: 1_500 }), secrets },
    registry: world.registry,
    providers: new Map([...createProviders(UNREACHABLE), ...Object.entries(changes.providers ?? {})]),
    vault: changes.vault ?? createVault(randomBytes(32)),
    runs: createRunStarter(client, taskQueue),
  });
  warmUpScrubber(world.registry);
  const code = changes.bundle ?? readFileSync(BUNDLE, 'utf8');
  const worker = await Worker.create({
    ...workerBehaviour(createLogger()),
    // Recorded histories name no machine.
    identity: 'test-worker',
    ...(changes.sticky === false ? { maxCachedWorkflows: 0 } : {}),
    connection,
    namespace: temporal.namespace,
    taskQueue,
    workflowBundle: { code },
    ...(changes.versioned === true ? { workerDeploymentOptions: versionOf(code) } : {}),
    activities: changes.wrap ? changes.wrap(activities) : activities,
  });
  const running = worker.run();
  let stopped: Promise<void> | undefined;
  return {
    stop: async () => {
      stopped ??= (async () => {
        worker.shutdown();
        await running;
        await connection.close();
      })();
      await stopped;
    },
  };
}
