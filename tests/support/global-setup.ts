import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../db/migrate';
import { pgliteSocketFolder } from '../../stack/pglite/socket-folder';
import { startPglite } from '../../stack/pglite/start';
import { findPostgres } from '../../stack/postgres/binaries';
import { startNativePostgres } from '../../stack/postgres/native';
import { handOver, requestedTarget, someNeedDatabase, type TestTarget } from './target';
import { whenTestsEnd } from './running';

const TEMPLATE = 'countersign_template';

/** What we read of jest's configuration. */
interface ChosenTests {
  readonly rootDir: string;
  readonly testPathPatterns: {
    toExecutor(options: { readonly rootDir: string }): { isMatch(file: string): boolean };
  };
}

/** Starts what the chosen test files need, once: a migrated template that each file gets a copy of. */
async function globalSetup(config: ChosenTests): Promise<void> {
  const testFolder = join(__dirname, '..');
  const chosen = config.testPathPatterns.toExecutor({ rootDir: config.rootDir });
  if (!someNeedDatabase(testFolder, (file) => chosen.isMatch(file))) return;
  const target = requestedTarget() ?? (await defaultTarget());
  if (target === 'pglite') await preparePglite();
  else await prepareNative(target);
}

async function defaultTarget(): Promise<TestTarget> {
  try {
    await findPostgres(18, say);
    return '18';
  } catch (error) {
    say(`Testing on the embedded Postgres: ${error instanceof Error ? error.message : String(error)}`);
    return 'pglite';
  }
}

async function preparePglite(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-template-'));
  whenTestsEnd(async () => {
    rmSync(folder, { recursive: true, force: true });
    await Promise.resolve();
  });
  const templateFolder = join(folder, 'data');
  const pglite = await startPglite({ dataFolder: templateFolder });
  await migrate(pglite.url('postgres'));
  await pglite.stop();
  rmSync(pgliteSocketFolder(templateFolder), { recursive: true, force: true });
  handOver({ target: 'pglite', templateFolder });
}

async function prepareNative(target: '18' | '16'): Promise<void> {
  const binaries = await findPostgres(Number(target), say);
  const server = await startNativePostgres({ major: Number(target), progress: say });
  whenTestsEnd(() => server.stop());
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  await migrate(server.urlOf('postgres', TEMPLATE));
  const { socketFolder, port } = server;
  handOver({ target, socketFolder, port, template: TEMPLATE, programs: binaries.folder });
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

export = globalSetup;
