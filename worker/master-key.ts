import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setting } from '../environment/setting';

const KEY_BYTES = 32;

/**
 * The 32-byte key under which scrubbed values are sealed: `COUNTERSIGN_MASTER_KEY` (base64), else `master.key` in the data
 * folder, made at the first start. It is never in the database, so that a copy of the database opens nothing.
 *
 * @throws Error when the setting or the file does not hold 32 bytes, or the profile is not local and nothing is set
 */
export function masterKey(home: string, profile: string): Buffer {
  const given = setting('COUNTERSIGN_MASTER_KEY');
  if (given !== undefined) return decoded(given, 'COUNTERSIGN_MASTER_KEY');
  if (profile !== 'local')
    throw new Error('Set COUNTERSIGN_MASTER_KEY: 32 random bytes as base64, kept apart from the database.');
  const file = join(home, 'master.key');
  mkdirSync(home, { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600 });
  try {
    // A link fails when the file is there, so that two first starts agree on one key.
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return decoded(readFileSync(file, 'utf8').trim(), file);
}

/**
 * The master keys of before, from `COUNTERSIGN_MASTER_KEYS_EARLIER` (base64, parted by commas): what was sealed under them
 * opens, and nothing new is sealed under them.
 *
 * @throws Error when one does not hold 32 bytes
 */
export function earlierMasterKeys(): readonly Buffer[] {
  const given = process.env.COUNTERSIGN_MASTER_KEYS_EARLIER ?? '';
  const keys = given.split(',').filter((key) => key.trim() !== '');
  return keys.map((key) => decoded(key.trim(), 'COUNTERSIGN_MASTER_KEYS_EARLIER'));
}

function decoded(text: string, origin: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${origin} must hold 32 bytes as base64.`);
  return key;
}
