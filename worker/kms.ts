import { createHash } from 'node:crypto';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CodedFailure } from '../activities/coded-failure';
import type { KeyWrapper, WrappedKey } from '../activities/scrubber/key-ring';

/** How long it may take. An attempt and its repetition together fit into a quick step's four seconds. */
const CONNECTION_MS = 500;
const REQUEST_MS = 1_500;
const ATTEMPTS_MAX = 2;
/** Data keys that are kept open in memory, and for how long: after a key was taken away, what it wrapped opens no longer than that. */
const KEPT_MAX = 1_000;
const KEPT_MS = 5 * 60_000;
/** An alias may be pointed at another key tomorrow, and ids are of a region: what is noted beside a data key is the whole name. */
const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]{1,80}$/;
/** Before the names of keys that the service has. */
const PREFIX = 'kms:';
/** What somebody must mend at the key or at what the worker may do with it. */
const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DisabledException',
  'KMSInvalidStateException',
  'NotFoundException',
  'InvalidKeyUsageException',
  'UnrecognizedClientException',
]);
/** The bytes were changed, or were wrapped for another tenant or run. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'InvalidCiphertextException',
  'IncorrectKeyException',
  'InvalidKeyIdException',
]);

export interface KmsOptions extends Pick<KMSClientConfig, 'endpoint' | 'credentials'> {
  readonly now?: () => number;
}

export interface KmsWrapper extends KeyWrapper {
  /** Whether a key wrapped by this id is the service's. */
  knows(keyId: string): boolean;
  /** @throws CodedFailure when the present key can't be used */
  check(): Promise<void>;
  close(): void;
}

/**
 * Wraps data keys by a key management service, which never gives its key out. Tenant and run are the encryption context, so
 * what is wrapped for one opens for no other, and the service's own log says whose it was. When it does not answer, nothing
 * is sealed or opened, and the step is tried again. Where it is, is found as the SDK finds it (`AWS_ENDPOINT_URL_KMS`).
 *
 * @param keyArn of a symmetric key
 * @throws Error when it is not the whole name of a key
 */
export function kmsWrapper(keyArn: string, options: KmsOptions = {}): KmsWrapper {
  const region = regionOf(keyArn);
  const { now = Date.now, ...connection } = options;
  const clients = new Map<string, KMSClient>();
  const kept = new Map<string, { readonly dataKey: Buffer; readonly until: number }>();
  const clientIn = (where: string): KMSClient => {
    const client = clients.get(where) ?? newClient(where, connection);
    clients.set(where, client);
    return client;
  };

  return {
    currentKeyId: `${PREFIX}${keyArn}`,
    knows: (keyId) => keyId.startsWith(PREFIX),

    async wrap(dataKey, context) {
      const { CiphertextBlob: bytes } = await coded(() =>
        clientIn(region).send(
          new EncryptCommand({ KeyId: keyArn, Plaintext: dataKey, EncryptionContext: contextOf(context) }),
        ),
      );
      if (bytes === undefined) throw new CodedFailure('key_unavailable');
      const wrapped = { keyId: `${PREFIX}${keyArn}`, bytes: Buffer.from(bytes) };
      keep(nameOf(wrapped, context), dataKey);
      return wrapped;
    },

    async unwrap(wrapped, context) {
      const name = nameOf(wrapped, context);
      const known = kept.get(name);
      if (known !== undefined && known.until > now()) return Buffer.from(known.dataKey);
      kept.delete(name);
      const wrappedBy = wrapped.keyId.slice(PREFIX.length);
      const { Plaintext: bytes } = await coded(() =>
        clientIn(regionOf(wrappedBy)).send(
          new DecryptCommand({
            KeyId: wrappedBy,
            CiphertextBlob: wrapped.bytes,
            EncryptionContext: contextOf(context),
          }),
        ),
      );
      if (bytes === undefined) throw new CodedFailure('key_unavailable');
      const dataKey = Buffer.from(bytes);
      keep(name, dataKey);
      return dataKey;
    },

    async check() {
      const { KeyMetadata: key } = await coded(() =>
        clientIn(region).send(new DescribeKeyCommand({ KeyId: keyArn })),
      );
      if (key?.Enabled !== true || key.KeyUsage !== 'ENCRYPT_DECRYPT') throw new CodedFailure('key_refused');
    },

    close() {
      for (const client of clients.values()) client.destroy();
      kept.clear();
    },
  };

  function keep(name: string, dataKey: Buffer): void {
    kept.delete(name);
    kept.set(name, { dataKey: Buffer.from(dataKey), until: now() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  }
}

function newClient(region: string, connection: Pick<KMSClientConfig, 'endpoint' | 'credentials'>): KMSClient {
  return new KMSClient({
    region,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_MS,
      requestTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    }),
    ...connection,
  });
}

/** @throws CodedFailure in place of whatever went wrong: the service's own words may name accounts and roles */
async function coded<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (NOT_OURS.has(name)) throw new CodedFailure('key_refused', false);
    // The key may be given back tomorrow, so what waits for it is tried again, and seen by operations.
    throw new CodedFailure(REFUSALS.has(name) ? 'key_refused' : 'key_unavailable');
  }
}

/** What both sides have to be told: tenant and run, or whatever else the data key is of. */
function contextOf(context: Buffer): Record<string, string> {
  const text = context.toString('utf8');
  try {
    const parts: unknown = JSON.parse(text);
    if (Array.isArray(parts) && parts.length === 2)
      return { tenant: String(parts[0]), run: String(parts[1]) };
  } catch {
    // Not of a run.
  }
  return { of: text };
}

function nameOf({ keyId, bytes }: WrappedKey, context: Buffer): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([keyId, context.toString('base64')]))
    .update(bytes);
  return hash.digest('base64');
}

function regionOf(keyArn: string): string {
  const region = KEY_ARN.exec(keyArn)?.[1];
  if (region === undefined)
    throw new Error(
      'COUNTERSIGN_KMS_KEY must be the whole ARN of a key (arn:aws:kms:…:key/…), not an alias.',
    );
  return region;
}
