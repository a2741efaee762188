import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANSWER, converseAnswer } from './converse';

/** What came over the wire. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  /** `silent` never answers, `reset` tears the connection down, `half` breaks off within the body. */
  readonly manner?: 'silent' | 'reset' | 'half';
  /** Answers only when this is done, so that a test decides what happens in between. */
  readonly after?: Promise<unknown>;
}

/** A loopback service that speaks Bedrock's wire over HTTP/1.1, as the SDK is told to. */
export interface BedrockServer {
  readonly url: string;
  readonly requests: readonly Received[];
  /** Answers the next requests, in order; after those comes the ordinary answer again. */
  reply(...replies: readonly Reply[]): void;
  /** Answers by the request. */
  answer(by: (received: Received) => Reply): void;
  /** Waits until so many requests have come. */
  received(count: number): Promise<void>;
  forget(): void;
}

/** For the test file that calls it at its top level. `body` is what it answers with when it is told nothing else. */
export function bedrockServer(body: object = converseAnswer(ANSWER)): BedrockServer {
  let server: Server | undefined;
  let url = '';
  const requests: Received[] = [];
  const queue: Reply[] = [];
  const ordinary = (): Reply => ({ body });
  let by: (received: Received) => Reply = ordinary;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void read(request).then(async (received) => {
        requests.push(received);
        await send(queue.shift() ?? by(received), response);
      });
    });
    const listening = server;
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
    reply: (...replies) => void queue.push(...replies),
    answer: (decide) => {
      by = decide;
    },
    async received(count) {
      while (requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    forget: () => {
      requests.splice(0);
      queue.splice(0);
      by = ordinary;
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>,
  };
}

async function send(reply: Reply, response: ServerResponse): Promise<void> {
  await reply.after;
  const { status = 200, headers = {}, body = {}, manner } = reply;
  if (manner === 'silent') return;
  if (manner === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': 'request-1',
    ...headers,
    ...(manner === 'half' ? { 'content-length': String(text.length + 100) } : {}),
  });
  if (manner === 'half') {
    response.write(text);
    response.socket?.destroySoon();
    return;
  }
  response.end(text);
}
