import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { examine } from '../../stack/doctor';
import type { Check } from '../../stack/doctor/check';
import { migrateDatabase } from '../../stack/migrate';
import type { Stack } from '../../stack/stack';
import { startStack } from '../../stack/supervisor';
import { standIn, temporaryFolder, withoutGivenParts } from './stand-in';

/* The examination of a stack with its real database and Temporal; worker and API are stand-ins. */

const folder = temporaryFolder();
const home = join(folder, 'home');
let stack: Stack;
let health: Server;

beforeAll(async () => {
  withoutGivenParts();
  stack = await startStack({
    home,
    commands: { worker: standIn(folder, 'worker').command, api: standIn(folder, 'api').command },
    ports: { api: 0, temporal: 0, temporalUi: 0 },
  });
  const answer = JSON.stringify({ status: 'ok', parts: { database: 'ok', temporal: 'ok' } });
  health = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise<void>((resolve) => {
    health.listen(Number(new URL(stack.apiUrl).port), '127.0.0.1', resolve);
  });
}, 60_000);

afterAll(async () => {
  health.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function found(name: string, at = home): Promise<Pick<Check, 'verdict' | 'detail'>> {
  const check = (await examine(at)).find((one) => one.name === name);
  if (check === undefined) throw new Error(`nothing was said about ${name}`);
  return { verdict: check.verdict, detail: check.detail };
}

test('sees a database before and after it is migrated', async () => {
  const before = await found('database');
  expect(before.verdict).toBe('fail');
  await migrateDatabase((role) => stack.databaseUrl(role));
  const after = await found('database');
  expect(after).toEqual({
    verdict: 'ok',
    detail: expect.stringMatching(/^PostgreSQL [\d.]+.*, pgvector [\d.]+, migrated$/) as string,
  });
}, 60_000);

test('tells the server of Temporal, its retention, and that no search attribute is missing', async () => {
  expect(await found('Temporal')).toEqual({
    verdict: 'ok',
    detail: expect.stringMatching(/^server [\d.]+, namespace countersign, retention 30 days$/) as string,
  });
});

test('asks the API how it is', async () => {
  expect(await found('API')).toEqual({
    verdict: 'ok',
    detail: `${stack.apiUrl}: database ok, temporal ok`,
  });
});

test('sees that a part went down', async () => {
  expect(await found('processes')).toEqual({ verdict: 'ok', detail: '4 parts run' });
  await stack.halt('worker');
  expect(await found('processes')).toEqual({ verdict: 'away', detail: 'the worker does not run' });
  await stack.resume('worker');
  expect(await found('processes')).toEqual({ verdict: 'ok', detail: '4 parts run' });
});

test('says of a folder on which nothing runs what to do', async () => {
  const nowhere = join(folder, 'nowhere');
  expect(await found('processes', nowhere)).toEqual({
    verdict: 'away',
    detail: `no stack is noted in ${nowhere}`,
  });
  expect((await found('Temporal', nowhere)).verdict).toBe('away');
  expect((await found('Node', nowhere)).verdict).toBe('ok');
});
