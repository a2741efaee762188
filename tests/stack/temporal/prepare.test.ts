import { spawnSync } from 'node:child_process';
import { builtEntry } from '../../../stack/built-entry';
import { readNamespace, RETENTION_DAYS } from '../../../stack/temporal/namespace';
import { startTemporal, type RunningTemporal } from '../../../stack/temporal/server';
import { withoutGivenParts } from '../stand-in';

let server: RunningTemporal;

beforeAll(async () => {
  withoutGivenParts();
  server = await startTemporal({ inMemory: true });
}, 60_000);

afterAll(async () => {
  await server.stop();
});

function prepare(environment: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtEntry('temporal/prepare')], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

test('gives a cluster our namespace, and does so again without harm', async () => {
  for (let round = 0; round < 2; round += 1) {
    const { status, said } = prepare({ TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'farm' });
    expect(said).toBe(`Temporal ${server.serverVersion}: namespace farm, 30 days, search attributes\n`);
    expect(status).toBe(0);
  }
  expect(await readNamespace(server.address, 'farm')).toMatchObject({
    retentionDays: RETENTION_DAYS,
    searchAttributesMissing: [],
  });
}, 60_000);

test('says what is missing', () => {
  expect(prepare({ TEMPORAL_ADDRESS: '' })).toEqual({ status: 1, said: 'Set TEMPORAL_ADDRESS.\n' });
});
