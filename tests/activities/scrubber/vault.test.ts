import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { keyRing, sealBytes } from '../../../activities/scrubber/key-ring';
import { createVault, vaultUnder, type VaultOwner } from '../../../activities/scrubber/vault';

const KEY = randomBytes(32);
const OWNER: VaultOwner = { tenantId: 'farm-1', runId: 'run-1', kind: 'person' };
const vault = createVault(KEY);

test('gives back what was sealed, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(vault.open(OWNER, vault.seal(OWNER, value))).toBe(value);
    }),
  );
});

test('the same value is sealed differently each time', () => {
  const sealed = Array.from({ length: 1_000 }, () => vault.seal(OWNER, 'Emeka Okafor').toString('hex'));
  expect(new Set(sealed).size).toBe(sealed.length);
});

test.each<[string, VaultOwner]>([
  ['tenant', { ...OWNER, tenantId: 'farm-2' }],
  ['run', { ...OWNER, runId: 'run-2' }],
  ['kind', { ...OWNER, kind: 'patient' }],
  ['border between its parts', { tenantId: 'farm-1","run-1', runId: '', kind: 'person' }],
])('opens for no other %s', (_name, other) => {
  const sealed = vault.seal(OWNER, 'Emeka Okafor');
  expect(() => vault.open(other, sealed)).toThrow();
});

test('opens under no other key', () => {
  const sealed = vault.seal(OWNER, 'Emeka Okafor');
  expect(() => createVault(randomBytes(32)).open(OWNER, sealed)).toThrow();
});

test('one changed bit, one byte more and one byte less refuse', () => {
  const sealed = vault.seal(OWNER, 'Emeka Okafor');
  for (let at = 0; at < sealed.length; at += 1) {
    for (const bit of [1, 128]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ bit;
      expect(() => vault.open(OWNER, changed)).toThrow();
    }
    expect(() => vault.open(OWNER, sealed.subarray(0, at))).toThrow();
  }
  expect(() => vault.open(OWNER, Buffer.concat([sealed, Buffer.of(0)]))).toThrow();
});

test('a shortened tag is no tag', () => {
  const sealed = vault.seal(OWNER, '');
  // Nonce and the first four bytes of the right tag: GCM takes these where the length is not fixed.
  expect(() => vault.open(OWNER, sealed.subarray(0, 16))).toThrow();
});

test.each([0, 16, 31, 33, 64])('a key of %i bytes is none', (length) => {
  expect(() => createVault(randomBytes(length))).toThrow('32 bytes');
});

describe('the keys', () => {
  const NEXT = randomBytes(32);
  const sealed = vault.seal(OWNER, 'Emeka Okafor');

  test('each run has a data key of its own, and the values of one run share it', () => {
    const header = (bytes: Buffer): string =>
      bytes.subarray(0, -(12 + 16 + 'Emeka Okafor'.length)).toString('hex');
    const [one, two] = [
      vault.seal(OWNER, 'Emeka Okafor'),
      vault.seal({ ...OWNER, kind: 'patient' }, 'Emeka Okafor'),
    ];
    const other = vault.seal({ ...OWNER, runId: 'run-2' }, 'Emeka Okafor');
    expect(header(one)).toBe(header(two));
    expect(header(other)).not.toBe(header(one));
  });

  test('after a new master key old values open while the earlier one is there, and new ones without it', () => {
    const rotated = createVault(NEXT, [KEY]);
    expect(rotated.open(OWNER, sealed)).toBe('Emeka Okafor');
    expect(createVault(NEXT).open(OWNER, rotated.seal(OWNER, 'Ada'))).toBe('Ada');
    expect(() => createVault(NEXT).open(OWNER, sealed)).toThrow('no master key of this id');
  });

  test('a value that was sealed before there were data keys still opens', () => {
    const owner = Buffer.from(JSON.stringify([OWNER.tenantId, OWNER.runId, OWNER.kind]));
    const old = sealBytes(KEY, owner, Buffer.from('Emeka Okafor'));
    expect(vault.open(OWNER, old)).toBe('Emeka Okafor');
    expect(createVault(NEXT, [KEY]).open(OWNER, old)).toBe('Emeka Okafor');
    expect(() => createVault(NEXT).open(OWNER, old)).toThrow();
  });

  test('wrapping may be done elsewhere: a run asks once', () => {
    const held = keyRing(KEY);
    let asked = 0;
    const elsewhere = vaultUnder({
      wrap: (dataKey, context) => {
        asked += 1;
        return held.wrap(dataKey, context);
      },
      unwrap: held.unwrap,
    });
    for (const value of ['a', 'b', 'c']) elsewhere.seal(OWNER, value);
    expect(asked).toBe(1);
  });
});
