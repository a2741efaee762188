import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { createVault, type VaultOwner } from '../../../activities/scrubber/vault';

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
