import { createHash, randomBytes, randomInt } from 'node:crypto';

/** A key as its owner carries it, once: the database keeps the id and the hash of the secret. */
export interface MintedKey {
  /** The public part, which may be shown and logged. */
  readonly id: string;
  /** The whole key: `cs_<id>_<secret>`. Shown once. */
  readonly token: string;
  readonly secretSha256: Buffer;
}

/** A presented key, taken apart. */
export interface ParsedKey {
  readonly id: string;
  readonly secretSha256: Buffer;
}

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 16;
const SECRET_BYTES = 32;
const TOKEN = /^cs_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;

/** Makes a new key: an id of 16 letters and digits, and a secret of 32 random bytes. */
export function mintKey(): MintedKey {
  const id = Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, token: `cs_${id}_${secret}`, secretSha256: hashSecret(secret) };
}

/** Takes a presented key apart; undefined when it has not the form of one. */
export function parseKey(token: string): ParsedKey | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return { id, secretSha256: hashSecret(secret) };
}

/** What the database stores of a secret: SHA-256 of its UTF-8 bytes. The secret is random, so a slow hash adds nothing. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
