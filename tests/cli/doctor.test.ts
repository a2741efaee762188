import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { checkNode } from '../../stack/doctor/machine';
import { startNativePostgres, type NativePostgres } from '../../stack/postgres/native';
import { prepareNamespace } from '../../stack/temporal/namespace';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { readProjectFile, ROOT } from '../support/source-tree';
import { runCli, type CliResult } from './support/run-cli';

/* What `countersign doctor` says of an installation in which one thing is wrong: what, what to do, and by its status. */

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const folder = mkdtempSync(join(tmpdir(), 'countersign-doctor-'));
let server: NativePostgres;
beforeAll(async () => {
  server = await startNativePostgres({ major: 18 });
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(changes: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  return await runCli(['doctor'], {
    COUNTERSIGN_HOME: join(folder, 'empty'),
    COUNTERSIGN_URL: api.url,
    COUNTERSIGN_KEY: governed.world.platformAdmin.token,
    DATABASE_URL_MIGRATOR: governed.database.url('postgres'),
    TEMPORAL_ADDRESS: governed.temporal.address,
    TEMPORAL_NAMESPACE: governed.temporal.namespace,
    ...changes,
  });
}

/** The line of a check, and what it says to do. */
function linesOf({ out }: CliResult, name: string): string {
  const [found] = new RegExp(`^${name} .*\\n(?: +→ .*\\n)?`, 'm').exec(out) ?? [];
  if (found === undefined) throw new Error(`nothing was said about ${name}:\n${out}`);
  return found.replaceAll(/\s+/g, ' ').trim();
}

const NOWHERE = '127.0.0.1:9';

it('is content with an installation that is well', async () => {
  const found = await doctor();
  expect(found.out).not.toMatch(/ (warn|away|fail) |→/);
  expect(found.status).toBe(0);
});

it.each([
  [
    'a database that is down',
    6,
    'database',
    () => ({ DATABASE_URL_MIGRATOR: `postgres://countersign_migrator@${NOWHERE}/countersign` }),
    /^database away it does not answer: connect ECONNREFUSED 127\.0\.0\.1:9 → see that it is up, and look at the migrator's login/,
  ],
  [
    'a database that is not there',
    1,
    'database',
    () => ({ DATABASE_URL_MIGRATOR: server.urlOf('postgres', 'nothing_here') }),
    /^database fail there is no such database: .*"nothing_here" does not exist → look at the migrator's login/,
  ],
  [
    'a database that is not migrated',
    1,
    'database',
    () => ({ DATABASE_URL_MIGRATOR: server.urlOf('postgres', 'postgres') }),
    /^database fail PostgreSQL 18.*; not migrated: 0001_foundation\.sql.* more → countersign migrate, with the migrator's login/,
  ],
  [
    'a Temporal that is down',
    6,
    'Temporal',
    () => ({ TEMPORAL_ADDRESS: NOWHERE }),
    /^Temporal away nobody answers at 127\.0\.0\.1:9: .* → countersign start \(in a checkout: npm start\), or look at TEMPORAL_ADDRESS/,
  ],
  [
    'a namespace that is not there',
    1,
    'Temporal',
    () => ({ TEMPORAL_NAMESPACE: 'nobodys' }),
    /^Temporal fail the server at .* has no namespace nobodys → run "node dist\/stack\/temporal\/prepare\.js"/,
  ],
  [
    'an API that is down',
    6,
    'API',
    () => ({ COUNTERSIGN_URL: `http://${NOWHERE}` }),
    /^API away No answer from http:\/\/127\.0\.0\.1:9\. → countersign start \(in a checkout: npm start\), or look at COUNTERSIGN_URL/,
  ],
  [
    'no key to ask with',
    0,
    'keys',
    () => ({ COUNTERSIGN_KEY: '' }),
    /^keys warn no key to ask with → set COUNTERSIGN_KEY to an admin's key/,
  ],
  [
    'a key that nobody has',
    1,
    'keys',
    () => ({ COUNTERSIGN_KEY: `cs_${'a'.repeat(16)}_${'b'.repeat(43)}` }),
    /^keys fail the API does not know the key → set COUNTERSIGN_KEY/,
  ],
])('tells of %s, and exits %i', async (_what, status, check, changes, said) => {
  const found = await doctor(changes());
  expect(linesOf(found, check)).toMatch(said);
  expect(found.status).toBe(status);
});

it('tells of a namespace that lacks search attributes, and of one that keeps too short', async () => {
  const connection = await Connection.connect({ address: governed.temporal.address });
  try {
    const { workflowService } = connection;
    const day = msToTs('1 day');
    await workflowService.registerNamespace({ namespace: 'bare', workflowExecutionRetentionPeriod: day });
    const bare = await doctor({ TEMPORAL_NAMESPACE: 'bare' });
    expect(linesOf(bare, 'Temporal')).toMatch(
      /^Temporal fail .*; search attributes missing: CountersignTenant.* → run "node dist/,
    );
    expect(bare.status).toBe(1);

    await prepareNamespace(governed.temporal.address, 'short', 30_000);
    await workflowService.updateNamespace({
      namespace: 'short',
      config: { workflowExecutionRetentionTtl: day },
    });
    const short = await doctor({ TEMPORAL_NAMESPACE: 'short' });
    expect(linesOf(short, 'Temporal')).toMatch(
      /^Temporal warn .*, retention 1 days, of 30 that are wanted → run "node dist/,
    );
    expect(short.status).toBe(0);
  } finally {
    await connection.close();
  }
});

it('tells of a model whose agreement ended, and whose price did', async () => {
  const { platformAdmin } = governed.world;
  const params = { vendor: 'bedrock', model: 'anthropic.example-v1:0', region: 'eu-west-1' };
  const ended = new Date(Date.now() - 60_000).toISOString();
  await api.ask(platformAdmin, 'vendors.put', {
    params,
    body: {
      listed: true,
      baa_active: true,
      baa_expires_at: ended,
      baa_sha256: 'c'.repeat(64),
      zdr_active: true,
      retention_mode: 'none',
      leaves_perimeter: true,
      notes: '',
    },
    headers: { 'if-none-match': '*' },
  });
  const unpriced = await doctor();
  expect(linesOf(unpriced, 'agreements')).toMatch(
    /^agreements fail bedrock\/anthropic\.example-v1:0 \(eu-west-1\) is refused: its agreement ended .* → the platform's admin, .*: countersign vendors set/,
  );
  expect(linesOf(unpriced, 'prices')).toMatch(
    /^prices fail bedrock\/anthropic\.example-v1:0 \(eu-west-1\) is refused: it has no price now → the platform's admin: countersign prices set/,
  );
  expect(unpriced.status).toBe(1);

  const price = async (validUntil: Date, version: number): Promise<void> => {
    await api.ask(platformAdmin, 'prices.put', {
      params,
      body: {
        valid_from: new Date(Date.now() - 40_000 + version).toISOString(),
        valid_until: validUntil.toISOString(),
        input_nano_usd_per_token: '1',
        output_nano_usd_per_token: '1',
        cache_read_nano_usd_per_token: '1',
        cache_write_nano_usd_per_token: '1',
      },
      headers: version === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
    });
  };
  await price(new Date(Date.now() - 20_000), 0);
  expect(linesOf(await doctor(), 'prices')).toMatch(/is refused: it has no price now/);
  await price(new Date(Date.now() + 86_400_000), 1);
  expect(linesOf(await doctor(), 'prices')).toMatch(/^prices warn bedrock.* until 20.* → /);
});

it.each([
  ['18.20.4', 'fail'],
  ['20.18.3', 'fail'],
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
])('judges Node %s as %s', (version, verdict) => {
  expect(checkNode(version).verdict).toBe(verdict);
});

it('asks for the Node that package.json does, and the build before anything of ours is run by an older one', () => {
  const { engines } = JSON.parse(readProjectFile('package.json')) as { engines: { node: string } };
  const least = engines.node.replace('>=', '');
  expect(checkNode('18.20.4').remedy).toBe(`install Node ${least} or newer`);
  const older = join(folder, 'older.cjs');
  const versions = "{ ...process.versions, node: '18.20.4' }";
  writeFileSync(older, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  const built = spawnSync(process.execPath, ['--require', older, join(ROOT, 'scripts', 'build.mjs')]);
  expect(built.stderr.toString()).toBe(`This is Node 18.20.4: install Node ${least} or newer.\n`);
  expect(built.status).toBe(1);
});
