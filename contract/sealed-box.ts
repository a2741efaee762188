import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/**
 * Secrets that one process makes and only another may read: sealed to a public key (X25519, HKDF-SHA-256, AES-256-GCM), so that
 * the API, which shows a webhook's secret once, can open none of those that are stored.
 */

/** What stands before a raw key in its DER form (RFC 8410). */
const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK = Buffer.from('CSB1', 'latin1');

export interface SealingKeyPair {
  readonly publicKey: Buffer;
  readonly privateKey: Buffer;
}

/** A new pair, raw: 32 bytes each. */
export function createSealingKey(): SealingKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(PUBLIC_DER.length),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(PRIVATE_DER.length),
  };
}

/** @param context what it is sealed for: it opens with the same alone */
export function sealTo(publicKey: Buffer, context: string, plain: Buffer): Buffer {
  const once = generateKeyPairSync('x25519');
  const ours = once.publicKey.export({ type: 'spki', format: 'der' }).subarray(PUBLIC_DER.length);
  const key = sharedKey(once.privateKey, publicObject(publicKey), Buffer.concat([ours, publicKey]));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([MARK, ours, nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error when the bytes were changed, or sealed to another key or for another context */
export function openSealed(privateKey: Buffer, context: string, box: Buffer): Buffer {
  if (!box.subarray(0, MARK.length).equals(MARK)) throw new Error('not a sealed secret');
  let at = MARK.length;
  const part = (length: number): Buffer => box.subarray(at, (at += length));
  const theirs = part(KEY_BYTES);
  const nonce = part(NONCE_BYTES);
  const tag = part(TAG_BYTES);
  const own = createPrivateKey({
    key: Buffer.concat([PRIVATE_DER, privateKey]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(own).export({ type: 'spki', format: 'der' }).subarray(PUBLIC_DER.length);
  const key = sharedKey(own, publicObject(theirs), Buffer.concat([theirs, publicKey]));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context, 'utf8'))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(box.subarray(at)), decipher.final()]);
}

/** Tells whose secret it is, and which one of theirs. */
export function secretContext(tenantId: string, endpointId: string, ordinal: number): string {
  return JSON.stringify(['countersign/webhook-secret/v1', tenantId, endpointId, ordinal]);
}

function publicObject(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_DER, raw]), format: 'der', type: 'spki' });
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject, salt: Buffer): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', shared, salt, 'countersign/sealed-box/v1', KEY_BYTES));
}
