import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KmsRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface KmsServer {
  readonly url: string;
  readonly requests: readonly KmsRequest[];
  /** What the next requests are refused with; one that is `silent` is never answered. */
  fail(...names: readonly string[]): void;
  /** Whether the key is enabled. */
  enable(isEnabled: boolean): void;
  forget(): void;
}

/** A loopback service that speaks the wire of AWS KMS (JSON 1.1): what it wraps, it opens for the same key and context alone. */
export function kmsServer(): KmsServer {
  let server: Server | undefined;
  let isEnabled = true;
  const requests: KmsRequest[] = [];
  const failures: string[] = [];
  let url = '';

  beforeAll(async () => {
    const listening = createServer((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
        const body = JSON.parse(text) as Record<string, unknown>;
        requests.push({ operation, body });
        const failure = failures.shift();
        if (failure === 'silent') return;
        const answer = failure === undefined ? answerOf(operation, body, isEnabled) : refusal(failure);
        response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(answer));
      });
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  });

  return {
    get url() {
      return url;
    },
    requests,
    fail: (...names) => void failures.push(...names),
    enable: (now) => {
      isEnabled = now;
    },
    forget: () => {
      requests.splice(0);
      failures.splice(0);
      isEnabled = true;
    },
  };
}

function refusal(name: string): object {
  return { __type: name, message: 'arn:aws:iam::123456789012:role/secret-name may not do that' };
}

function answerOf(operation: string, body: Readonly<Record<string, unknown>>, isEnabled: boolean): object {
  const { KeyId: key, EncryptionContext: context, Plaintext: plain, CiphertextBlob: blob } = body;
  if (operation === 'DescribeKey')
    return { KeyMetadata: { KeyId: key, Enabled: isEnabled, KeyUsage: 'ENCRYPT_DECRYPT' } };
  if (!isEnabled) return refusal('DisabledException');
  if (operation === 'Encrypt') {
    const sealed = Buffer.from(JSON.stringify({ key, context, plain })).toString('base64');
    return { KeyId: key, CiphertextBlob: sealed, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  }
  try {
    const held = JSON.parse(Buffer.from(String(blob), 'base64').toString('utf8')) as Record<string, unknown>;
    const isSame = held.key === key && JSON.stringify(held.context) === JSON.stringify(context);
    if (isSame) return { KeyId: key, Plaintext: held.plain };
  } catch {
    // Bytes that this never gave out.
  }
  return refusal('InvalidCiphertextException');
}
