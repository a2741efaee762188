import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vaultUnder } from '../../activities/scrubber/vault';
import { kmsWrapper } from '../../worker/kms';
import { masterKeys } from '../../worker/master-keys';
import { kmsChecks } from '../../cli/kms-check';
import { kmsServer } from './support/kms-server';

/* A key management service over its wire: what it wraps opens for the same tenant and run, and fails closed otherwise. */

const server = kmsServer();
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c-0000-4000-8000-000000000001';
const RUN = { tenantId: 'a-farm', runId: randomUUID() };
const CONTEXT = Buffer.from(JSON.stringify([RUN.tenantId, RUN.runId]));
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const wrapperAt = (now?: () => number) =>
  kmsWrapper(KEY, { endpoint: server.url, credentials, ...(now === undefined ? {} : { now }) });
const operations = () => server.requests.map(({ operation }) => operation);

beforeEach(() => server.forget());

test('wraps under tenant and run, and opens for them alone', async () => {
  const kms = wrapperAt();
  const dataKey = randomBytes(32);
  const wrapped = await kms.wrap(dataKey, CONTEXT);
  expect(wrapped.keyId).toBe(kms.currentKeyId);
  expect(server.requests[0]).toMatchObject({
    operation: 'Encrypt',
    body: { KeyId: KEY, EncryptionContext: { tenant: RUN.tenantId, run: RUN.runId } },
  });
  expect(await wrapperAt().unwrap(wrapped, CONTEXT)).toEqual(dataKey);
  const another = Buffer.from(JSON.stringify(['another', RUN.runId]));
  await expect(wrapperAt().unwrap(wrapped, another)).rejects.toMatchObject({
    code: 'key_refused',
    retryable: false,
  });
  await expect(kms.unwrap(wrapped, another)).rejects.toMatchObject({ code: 'key_refused' });
  const changed = { ...wrapped, bytes: randomBytes(40) };
  await expect(kms.unwrap(changed, CONTEXT)).rejects.toMatchObject({ code: 'key_refused', retryable: false });
});

test('asks once for a run, and again after five minutes', async () => {
  let now = 0;
  const kms = wrapperAt(() => now);
  const vault = vaultUnder(kms);
  const { dataKey, values } = await vault.seal(RUN, [{ kind: 'person', value: 'Ada' }]);
  const sealed = [{ kind: 'person', sealed: values[0] as Buffer }];
  for (let time = 0; time < 3; time += 1) expect(await vault.open(RUN, dataKey, sealed)).toEqual(['Ada']);
  expect(operations()).toEqual(['Encrypt']);
  now += 5 * 60_000;
  expect(await vault.open(RUN, dataKey, sealed)).toEqual(['Ada']);
  expect(operations()).toEqual(['Encrypt', 'Decrypt']);
});

test('what passes is tried once more, and then again by whoever asked', async () => {
  server.fail('ThrottlingException');
  const kms = wrapperAt();
  const wrapped = await kms.wrap(randomBytes(32), CONTEXT);
  expect(operations()).toEqual(['Encrypt', 'Encrypt']);
  server.fail('ThrottlingException', 'ThrottlingException');
  await expect(wrapperAt().unwrap(wrapped, CONTEXT)).rejects.toMatchObject({
    code: 'key_unavailable',
    retryable: true,
  });
  server.fail('silent', 'silent');
  const started = performance.now();
  await expect(wrapperAt().unwrap(wrapped, CONTEXT)).rejects.toMatchObject({
    code: 'key_unavailable',
    retryable: true,
  });
  // Within a quick step's four seconds.
  expect(performance.now() - started).toBeLessThan(3_900);
  const nobody = kmsWrapper(KEY, { endpoint: 'http://127.0.0.1:9', credentials });
  await expect(nobody.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ code: 'key_unavailable' });
}, 20_000);

test.each(['AccessDeniedException', 'DisabledException', 'KMSInvalidStateException', 'NotFoundException'])(
  '%s is for somebody to mend, and tells nothing of accounts',
  async (name) => {
    server.fail(name);
    const failure: unknown = await wrapperAt()
      .wrap(randomBytes(32), CONTEXT)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'key_refused', retryable: true });
    expect(String((failure as Error).stack)).not.toContain('secret-name');
  },
);

test('is examined before it is needed', async () => {
  await wrapperAt().check();
  server.enable(false);
  await expect(wrapperAt().check()).rejects.toMatchObject({ code: 'key_refused' });
  server.enable(true);
  server.fail('AccessDeniedException');
  await expect(wrapperAt().check()).rejects.toMatchObject({ code: 'key_refused' });
});

test.each(['alias/countersign', 'arn:aws:kms:eu-west-1:123456789012:alias/a', '0f1e2d3c', ''])(
  'takes no name that may be another key’s tomorrow: %s',
  (name) => {
    expect(() => kmsWrapper(name)).toThrow('whole ARN');
  },
);

describe('from settings', () => {
  const before = { ...process.env };
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'countersign-keys-'));
    process.env.AWS_ENDPOINT_URL_KMS = server.url;
    process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(home, { recursive: true, force: true });
  });

  test('doctor says whether the key can be used, and what to do', async () => {
    expect(await kmsChecks(undefined)).toEqual([]);
    expect(await kmsChecks(KEY)).toMatchObject([{ name: 'key management', verdict: 'ok' }]);
    server.enable(false);
    expect(await kmsChecks(KEY)).toMatchObject([
      { verdict: 'fail', remedy: expect.stringContaining('kms:Decrypt') },
    ]);
    process.env.AWS_ENDPOINT_URL_KMS = 'http://127.0.0.1:9';
    expect(await kmsChecks(KEY)).toMatchObject([{ verdict: 'away' }]);
    expect(await kmsChecks('alias/countersign')).toMatchObject([{ verdict: 'fail' }]);
  });

  test('a vault moves from a key of this machine to the service, and back', async () => {
    const own = masterKeys(home, 'local');
    const values = [{ kind: 'person', value: 'Emeka Okafor' }];
    const first = await own.vault.seal(RUN, values);
    const sealed = [{ kind: 'person', sealed: first.values[0] as Buffer }];
    process.env.COUNTERSIGN_KMS_KEY = KEY;
    const service = masterKeys(home, 'local');
    expect(await service.vault.open(RUN, first.dataKey, sealed)).toEqual(['Emeka Okafor']);
    const moved = await service.vault.rewrap(RUN, first.dataKey);
    expect(moved?.keyId).toBe(`kms:${KEY}`);
    expect(await service.vault.open(RUN, moved, sealed)).toEqual(['Emeka Okafor']);

    delete process.env.COUNTERSIGN_KMS_KEY;
    await expect(masterKeys(home, 'local').vault.open(RUN, moved, sealed)).rejects.toThrow(
      'no master key of this id',
    );
    process.env.COUNTERSIGN_KMS_KEY_EARLIER = KEY;
    const back = await masterKeys(home, 'local').vault.rewrap(RUN, moved ?? first.dataKey);
    expect(back?.keyId).toBe(own.wrapper.currentKeyId);
    expect(await own.vault.open(RUN, back, sealed)).toEqual(['Emeka Okafor']);
  });
});
