import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities, type Activities } from '../activities/create';
import { createProviders } from '../activities/gateway/create-providers';
import { createPostWebhook } from '../activities/notify/post-webhook';
import { createWebhookSecrets } from '../activities/notify/webhook-secrets';
import { warmUpScrubber } from '../activities/scrubber/warm-up';
import { EMBEDDING_MODEL, type Provider } from '../contract/model';
import { config } from '../countersign.config';
import { iamSignIn } from '../db/iam';
import { requireLoopback } from '../db/loopback';
import { callInTenant } from '../db/transaction';
import { openDatabase } from '../db/pool';
import { verifyPacks } from '../db/register-packs';
import { rereadDocuments } from '../db/reread-documents';
import { whenSchemaIsCurrent } from '../db/schema-state';
import {
  choiceSetting,
  databaseWaitSeconds,
  requiredSetting,
  setting,
  webhooksToLoopback,
} from '../environment/setting';
import { createRegistry, packRows } from '../packs/registry';
import { builtWorkflows, isVersioned } from '../stack/temporal/release';
import { TASK_QUEUE } from '../workflows/start';
import { versionOf, workerBehaviour } from './behaviour';
import { createLogger } from './log';
import { mailFromSettings } from './mail-settings';
import { masterKeys } from './master-keys';
import { createRunStarter } from './run-starter';

/** More than one transaction for each step that can run at once is never needed. */
const CONNECTIONS = 20;

export interface ComposedWorker {
  readonly worker: Worker;
  readonly client: Client;
  readonly taskQueue: string;
  /** Closes what the worker stood on, after it has ended. */
  close(): Promise<void>;
}

export interface ComposeOptions {
  /** Put around the activities, e.g. by a test that kills the process between a step and its completion. */
  readonly wrap?: (activities: Activities) => Activities;
  /** Answers in place of the installation's provider of the same vendor, e.g. in the bench. */
  readonly model?: Provider;
  /** Another queue than the product's, for workers that share a Temporal server without sharing their work. */
  readonly taskQueue?: string;
}

/**
 * Builds the worker and everything that it stands on, from the environment: `DATABASE_URL`, `TEMPORAL_*`,
 * `COUNTERSIGN_HOME`, `COUNTERSIGN_PROFILE`.
 *
 * @throws Error when a setting is missing, the database does not hold the packs of this program, or the profile `local`
 * would use a database on another machine
 */
export async function composeWorker({
  wrap,
  model,
  taskQueue = TASK_QUEUE,
}: ComposeOptions = {}): Promise<ComposedWorker> {
  const home = setting('COUNTERSIGN_HOME') ?? '.countersign';
  const profile = setting('COUNTERSIGN_PROFILE') ?? 'local';
  const databaseUrl = requiredSetting('DATABASE_URL');
  if (profile === 'local') requireLoopback({ databaseUrl });
  const signIn =
    choiceSetting('COUNTERSIGN_DATABASE_IAM', ['off', 'on'], 'off') === 'on' ? iamSignIn(databaseUrl) : {};
  const database = openDatabase(databaseUrl, 'worker', { connections: CONNECTIONS, ...signIn });
  const registry = createRegistry(config.packs);
  await whenSchemaIsCurrent(database, databaseWaitSeconds());
  await verifyPacks(database, packRows(registry));
  await rereadDocuments(database, (config.embedding ?? EMBEDDING_MODEL).model);

  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const client = new Client({ connection, namespace });
  const keys = masterKeys(home, profile);
  const webhookSecrets = createWebhookSecrets(database, keys.wrapper);
  await webhookSecrets.prepare();
  const mail = mailFromSettings();
  await callInTenant(database, null, 'select app.set_mail_channel($1)', [mail !== undefined]);
  const activities = createActivities({
    database,
    registry,
    providers: new Map([...createProviders({}, config), ...(model ? [[model.vendor, model] as const] : [])]),
    ...(config.embedding === undefined ? {} : { embedding: config.embedding }),
    vault: keys.vault,
    webhooks: {
      post: createPostWebhook({ allowLoopback: webhooksToLoopback(profile) }),
      secrets: webhookSecrets,
    },
    mail,
    runs: createRunStarter(client, taskQueue),
  });
  warmUpScrubber(registry);
  const workflows = builtWorkflows();
  const worker = await Worker.create({
    ...workerBehaviour(createLogger()),
    connection,
    namespace,
    taskQueue,
    identity: `countersign-worker ${process.pid}@${hostname()}`,
    workflowBundle: { code: workflows },
    ...(isVersioned() ? { workerDeploymentOptions: versionOf(workflows) } : {}),
    activities: wrap ? wrap(activities) : activities,
  });
  return {
    worker,
    client,
    taskQueue,
    close: async () => {
      await connection.close();
      await database.close();
      keys.kms?.close();
    },
  };
}
