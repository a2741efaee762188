import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { keyRing, sealBytes, type WrappedKey } from '../../../activities/scrubber/key-ring';
import { createVault, vaultUnder, type SealedRun, type Vault } from '../../../activities/scrubber/vault';

const KEY = randomBytes(32);
const NEXT = randomBytes(32);
const OWNER = { tenantId: 'farm-1', runId: 'run-1' };
const vault = createVault(KEY);

async function seal(value: string, by: Vault = vault): Promise<SealedRun> {
  return await by.seal(OWNER, [{ kind: 'person', value }]);
}

async function open(
  { dataKey, values }: SealedRun,
  { by = vault, owner = OWNER, kind = 'person' } = {},
): Promise<readonly string[]> {
  return await by.open(
    owner,
    dataKey,
    values.map((sealed) => ({ kind, sealed })),
  );
}

test('gives back what was sealed, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (values) => {
      const sealed = await vault.seal(
        OWNER,
        values.map((value) => ({ kind: 'person', value })),
      );
      expect(await open(sealed)).toEqual(values);
    }),
  );
});

test('the same value is sealed differently each time, also within a run', async () => {
  const { values } = await vault.seal(
    OWNER,
    Array.from({ length: 500 }, () => ({ kind: 'person', value: 'Emeka Okafor' })),
  );
  const again = await seal('Emeka Okafor');
  expect(new Set([...values, ...again.values].map((bytes) => bytes.toString('hex'))).size).toBe(501);
  for (const bytes of values) expect(bytes.toString('latin1')).not.toContain('Emeka');
});

test.each<[string, { owner?: typeof OWNER; kind?: string }]>([
  ['tenant', { owner: { ...OWNER, tenantId: 'farm-2' } }],
  ['run', { owner: { ...OWNER, runId: 'run-2' } }],
  ['kind', { kind: 'patient' }],
  ['border between its parts', { owner: { tenantId: 'farm-1","run-1', runId: '' } }],
])('opens for no other %s', async (_name, other) => {
  await expect(open(await seal('Emeka Okafor'), other)).rejects.toThrow();
});

test('opens under no other key, and with no other run’s data key', async () => {
  const sealed = await seal('Emeka Okafor');
  await expect(open(sealed, { by: createVault(NEXT) })).rejects.toThrow('no master key of this id');
  const { dataKey } = await seal('Emeka Okafor');
  await expect(open({ ...sealed, dataKey })).rejects.toThrow();
  const values = sealed.values.map((bytes) => ({ kind: 'person', sealed: bytes }));
  await expect(vault.open(OWNER, undefined, values)).rejects.toThrow('no data key');
});

/** The bytes with one bit of each place changed, and with one byte more or less. */
function* spoilt(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1) {
    for (const bit of [1, 128]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      yield changed;
    }
    yield bytes.subarray(0, at);
  }
  yield Buffer.concat([bytes, Buffer.of(0)]);
}

test('one changed bit, one byte more and one byte less refuse: of a value, and of its wrapped key', async () => {
  const sealed = await seal('Emeka Okafor');
  const { dataKey, values } = sealed;
  for (const bytes of spoilt(values[0] ?? Buffer.alloc(0)))
    await expect(open({ dataKey, values: [bytes] })).rejects.toThrow();
  for (const bytes of spoilt(dataKey.bytes))
    await expect(open({ values, dataKey: { ...dataKey, bytes } })).rejects.toThrow();
});

test('a shortened tag is no tag', async () => {
  const { dataKey, values } = await seal('');
  // Mark, nonce and the first four bytes of the right tag: GCM takes these where the length is not fixed.
  const short = (values[0] ?? Buffer.alloc(0)).subarray(0, 4 + 16);
  await expect(open({ dataKey, values: [short] })).rejects.toThrow();
});

test.each([0, 16, 31, 33, 64])('a key of %i bytes is none', (length) => {
  expect(() => createVault(randomBytes(length))).toThrow('32 bytes');
});

/** What stood before each value until data keys had rows: the mark, the key's id and the wrapped key with their lengths. */
async function sealedBefore(value: string): Promise<Buffer> {
  const associated = (parts: readonly string[]): Buffer => Buffer.from(JSON.stringify(parts));
  const run = associated([OWNER.tenantId, OWNER.runId]);
  const key = randomBytes(32);
  const { keyId, bytes } = await keyRing(KEY).wrap(key, run);
  const length = (part: Buffer): Buffer => Buffer.of(part.length >> 8, part.length & 255);
  const parts = [Buffer.from(keyId), bytes].flatMap((part) => [length(part), part]);
  const sealed = sealBytes(key, associated([OWNER.tenantId, OWNER.runId, 'person']), Buffer.from(value));
  return Buffer.concat([Buffer.from('CSV2'), ...parts, sealed]);
}

describe('a new master key', () => {
  const rotated = createVault(NEXT, [KEY]);

  test('opens what is old while the earlier one is there, and what is new without it', async () => {
    const sealed = await seal('Emeka Okafor');
    expect(await open(sealed, { by: rotated })).toEqual(['Emeka Okafor']);
    expect(await open(await seal('Ada', rotated), { by: createVault(NEXT) })).toEqual(['Ada']);
    expect(rotated.currentKeyId).not.toBe(vault.currentKeyId);
  });

  test('wraps a data key anew: then the values open without the earlier one, and not with it alone', async () => {
    const sealed = await seal('Emeka Okafor');
    const dataKey = await wrappedAnew(sealed.dataKey);
    expect(await open({ ...sealed, dataKey }, { by: createVault(NEXT) })).toEqual(['Emeka Okafor']);
    await expect(open({ ...sealed, dataKey })).rejects.toThrow('no master key of this id');
  });

  test('wraps nothing that was changed, or of which it has no key', async () => {
    const { dataKey } = await seal('Emeka Okafor');
    for (const bytes of [...spoilt(dataKey.bytes)].slice(0, 60))
      await expect(rotated.rewrap(OWNER, { ...dataKey, bytes })).rejects.toThrow();
    await expect(rotated.rewrap({ ...OWNER, runId: 'run-2' }, dataKey)).rejects.toThrow();
    await expect(createVault(NEXT).rewrap(OWNER, dataKey)).rejects.toThrow('no master key of this id');
  });

  test('takes out a data key that stands before its values', async () => {
    const before = await sealedBefore('Emeka Okafor');
    expect(await vault.open(OWNER, undefined, [{ kind: 'person', sealed: before }])).toEqual([
      'Emeka Okafor',
    ]);
    const dataKey = await wrappedAnew(before);
    const opened = createVault(NEXT).open(OWNER, dataKey, [{ kind: 'person', sealed: before }]);
    expect(await opened).toEqual(['Emeka Okafor']);
  });

  test('has none to take out of a value of before there were data keys, which still opens', async () => {
    const owner = Buffer.from(JSON.stringify([OWNER.tenantId, OWNER.runId, 'person']));
    const old = sealBytes(KEY, owner, Buffer.from('Emeka Okafor'));
    const values = [{ kind: 'person', sealed: old }];
    expect(await rotated.rewrap(OWNER, old)).toBeUndefined();
    expect(await rotated.open(OWNER, undefined, values)).toEqual(['Emeka Okafor']);
    await expect(createVault(NEXT).open(OWNER, undefined, values)).rejects.toThrow();
  });

  async function wrappedAnew(found: WrappedKey | Buffer): Promise<WrappedKey> {
    const dataKey = await rotated.rewrap(OWNER, found);
    if (dataKey === undefined) throw new Error('nothing to wrap');
    expect(dataKey.keyId).toBe(rotated.currentKeyId);
    return dataKey;
  }
});

test('wrapping may be done elsewhere: a run asks once, whatever it seals and opens', async () => {
  const held = keyRing(KEY);
  const asked: string[] = [];
  const elsewhere = vaultUnder({
    currentKeyId: 'arn:aws:kms:us-east-1:000000000000:key/example',
    wrap: async (dataKey, context) => {
      asked.push('wrap');
      return await held.wrap(dataKey, context);
    },
    unwrap: async (wrapped, context) => {
      asked.push('unwrap');
      return await held.unwrap(wrapped, context);
    },
  });
  const values = ['a', 'b', 'c'].map((value) => ({ kind: 'person', value }));
  expect(await open(await elsewhere.seal(OWNER, values), { by: elsewhere })).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual(['wrap', 'unwrap']);
});

test('a service that does not answer seals and opens nothing', async () => {
  const down = vaultUnder({
    currentKeyId: 'down',
    wrap: async () => await Promise.reject(new Error('unreachable')),
    unwrap: async () => await Promise.reject(new Error('unreachable')),
  });
  await expect(seal('Emeka Okafor', down)).rejects.toThrow('unreachable');
  await expect(open(await seal('Emeka Okafor'), { by: down })).rejects.toThrow('unreachable');
});
