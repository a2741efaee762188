import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Client as Temporal, Connection } from '@temporalio/client';
import { addressLines } from '../../stack/main';
import type { Stack, StackProcess } from '../../stack/stack';
import { startStack } from '../../stack/supervisor';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { RUN_WORKFLOW } from '../../workflows/messages';
import { standIn, temporaryFolder, until, withoutGivenParts } from './stand-in';

/* The whole stack with its real database and Temporal, and with stand-ins for worker and API. */

const folder = temporaryFolder();
const home = join(folder, 'home');
const worker = standIn(folder, 'worker');
const api = standIn(folder, 'api');
const stacks: Stack[] = [];
const said: string[] = [];

beforeAll(withoutGivenParts);

afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Stack> {
  said.length = 0;
  const stack = await startStack({
    home,
    commands: { worker: worker.command, api: api.command },
    ports: { api: 0, temporal: 0, temporalUi: 0 },
    migrate: async (databaseUrl) => {
      await ask(databaseUrl('countersign_migrator'), 'create table if not exists eggs (crates integer)');
    },
    progress: (sentence) => said.push(sentence),
  });
  stacks.push(stack);
  return stack;
}

async function ask(url: string, text: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<object>(text);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function withTemporal<T>(stack: Stack, use: (client: Temporal) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    return await use(new Temporal({ connection, namespace: stack.temporalNamespace }));
  } finally {
    await connection.close();
  }
}

/** What the UI lists at the address that a start prints. */
async function listedAt(stack: Stack): Promise<string[]> {
  const [line = ''] = addressLines(stack).filter((one) => one.startsWith('Temporal UI'));
  const address = new URL(line.replace(/^Temporal UI +/, ''));
  expect((await fetch(address)).status).toBe(200);
  const query = address.searchParams.get('query') ?? '';
  return await withTemporal(stack, async (client) => {
    // What was started is listed a moment later.
    await until(async () => (await client.workflow.count()).count === 2, 20_000);
    const found: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
    return found;
  });
}

function states(stack: Stack): (readonly [StackProcess['part'], StackProcess['state']])[] {
  return stack.processes().map(({ part, state }) => [part, state]);
}

function places(sentences: readonly string[]): number[] {
  return sentences.map((beginning) => said.findIndex((sentence) => sentence.startsWith(beginning)));
}

function inOrder(beginnings: readonly string[]): void {
  const found = places(beginnings);
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((a, b) => a - b));
}

test('five processes start in order, outlive kills of database and Temporal, stop in order, and go on where they were', async () => {
  const first = await start();
  expect(states(first)).toEqual([
    ['supervisor', 'ready'],
    ['pglite', 'ready'],
    ['temporal', 'ready'],
    ['worker', 'ready'],
    ['api', 'ready'],
  ]);
  inOrder(['The embedded Postgres is up', 'The database is migrated', 'Starting the worker']);
  inOrder(['The Temporal dev server is up', 'Migrating the database', 'Starting the API']);
  expect((await fetch(first.temporalUiUrl ?? '')).status).toBe(200);

  await ask(first.databaseUrl('countersign_worker'), 'insert into eggs values (30)');
  await withTemporal(first, async (client) => {
    await client.workflow.start(RUN_WORKFLOW, { workflowId: 'kept-run', taskQueue: 'nobody' });
    await client.workflow.start(RECONCILE_WORKFLOW, { workflowId: 'no-run', taskQueue: 'nobody' });
  });
  expect(await listedAt(first)).toEqual(['kept-run']);
  await Promise.all([first.kill('pglite', 'SIGKILL'), first.kill('temporal', 'SIGKILL')]);
  await Promise.all([first.ready('pglite'), first.ready('temporal')]);
  await first.stop();
  inOrder([
    'Stopping the API',
    'Stopping the worker',
    'Stopping the Temporal dev server',
    'Stopping the embedded Postgres',
  ]);

  const second = await start();
  expect(await ask(second.databaseUrl('countersign_api'), 'select crates from eggs')).toEqual([
    { crates: 30 },
  ]);
  const description = await withTemporal(second, (client) =>
    client.workflow.getHandle('kept-run').describe(),
  );
  expect(description.status.name).toBe('RUNNING');
  await second.stop();
}, 120_000);
