import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ProviderError, type CompletionRequest } from '../../../contract/model';
import { createBedrockProvider } from '../../../activities/gateway/providers/bedrock';
import {
  bedrockError,
  COMMON_FAILURES,
  MODELLED_FAILURES,
  STATUS_FAILURES,
} from '../../../activities/gateway/providers/bedrock-errors';
import { bedrockServer, type Reply } from './support/bedrock-server';

/* Every way in which the service can fail, over the wire: what is retried, what may be billed, and that the SDK asks once. */

const server = bedrockServer();
const closing: (() => void)[] = [];
const SECRET = 'Emeka Okafor, MRN 00482913';

afterEach(() => {
  server.forget();
  for (const close of closing.splice(0)) close();
});

function provider(endpoint = server.url, requestMs = 5_000) {
  const made = createBedrockProvider({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    timeouts: { connectionMs: 500, requestMs },
  });
  closing.push(made.close);
  return made;
}

function request(signal = new AbortController().signal): CompletionRequest {
  return {
    ref: { vendor: 'bedrock', model: 'anthropic.claude-3-haiku-20240307-v1:0', region: 'us-east-1' },
    purpose: 'farm.recommendation',
    prompt: { system: 'You advise.', user: JSON.stringify({ input: { question: SECRET } }) },
    outputSchema: { type: 'object' },
    maxOutputTokens: 100,
    signal,
  };
}

async function failure(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it did not fail as a provider does');
  // The vendor's words may quote the prompt.
  expect(error.message).toBe(error.code);
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify(Object.entries(error))).not.toContain('Okafor');
  return error;
}

async function failsAfter(reply: Reply): Promise<ProviderError> {
  server.reply(reply);
  const error = await failure(provider().complete(request()));
  expect(server.requests).toHaveLength(1);
  return error;
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  ServiceUnavailableException: 503,
  InternalServerException: 500,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
};

describe.each(Object.entries(MODELLED_FAILURES))('%s', (name, expected) => {
  const status = STATUS_OF[name] ?? 400;
  const body = { message: `about ${SECRET}` };

  test('by __type in the body', async () => {
    const error = await failsAfter({ status, body: { ...body, __type: name } });
    expect(error).toMatchObject(expected);
  });

  test('by the header, with a namespace and a link', async () => {
    const type = `com.amazonaws.bedrock#${name}:http://internal.amazon.com/`;
    const error = await failsAfter({ status, body, headers: { 'x-amzn-errortype': type } });
    expect(error).toMatchObject(expected);
  });
});

test.each(Object.entries(COMMON_FAILURES).filter(([name]) => !name.endsWith('ProviderError')))(
  'the common error %s',
  async (name, expected) => {
    expect(await failsAfter({ status: 400, body: { __type: name, message: SECRET } })).toMatchObject(
      expected,
    );
  },
);

test.each(Object.entries(STATUS_FAILURES))(
  'status %s with a name that nobody knows',
  async (status, expected) => {
    expect(
      await failsAfter({ status: Number(status), body: { __type: 'BrandNewException', message: SECRET } }),
    ).toMatchObject(expected);
  },
);

test.each([
  [418, { code: 'model_refused', kind: 'fail', mayBeBilled: false }],
  [301, { code: 'model_refused', kind: 'fail', mayBeBilled: false }],
  [599, { code: 'model_unavailable', kind: 'retry_once', mayBeBilled: true }],
])('status %i, which no table has', async (status, expected) => {
  expect(await failsAfter({ status, body: '<html>not JSON</html>' })).toMatchObject(expected);
});

test('a name from an object prototype is no entry of a table', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    server.forget();
    expect(await failsAfter({ status: 403, body: { __type: name } })).toMatchObject({
      code: 'model_refused',
      kind: 'fail',
    });
  }
});

describe('Retry-After', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const withHeader = (value: string): unknown => ({
    name: 'ThrottlingException',
    $response: { headers: { 'retry-after': value } },
  });

  test('goes along over the wire', async () => {
    const error = await failsAfter({
      status: 429,
      body: { __type: 'ThrottlingException' },
      headers: { 'retry-after': '7' },
    });
    expect(error.retryAfterMs).toBe(7_000);
  });

  test.each([
    ['0', 0],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    ['-5', null],
  ])('of %p is %p', (value, expected) => {
    expect(bedrockError(withHeader(value), now).retryAfterMs).toBe(expected);
  });
});

describe('the network', () => {
  test('refused: nothing was sent, nothing is billed', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await failure(provider(`http://127.0.0.1:${port}`).complete(request()))).toMatchObject({
      code: 'model_unavailable',
      kind: 'retry',
      mayBeBilled: false,
    });
  });

  test('a name that no server knows is not billed either', async () => {
    expect(await failure(provider('http://nowhere.invalid:80').complete(request()))).toMatchObject({
      kind: 'retry',
      mayBeBilled: false,
    });
  });

  test('torn down after the request was read: it may be billed', async () => {
    expect(await failsAfter({ manner: 'reset' })).toMatchObject({
      code: 'model_unavailable',
      kind: 'retry_once',
      mayBeBilled: true,
    });
  });

  test('broken off within the answer: it may be billed', async () => {
    expect(await failsAfter({ manner: 'half', body: '{"output":' })).toMatchObject({
      kind: 'retry_once',
      mayBeBilled: true,
    });
  });

  test('silent until the deadline: it may be billed', async () => {
    server.reply({ manner: 'silent' });
    const started = performance.now();
    expect(await failure(provider(server.url, 200).complete(request()))).toMatchObject({
      code: 'model_timeout',
      kind: 'retry_once',
      mayBeBilled: true,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(server.requests).toHaveLength(1);
  });
});

describe('withdrawal', () => {
  test('under way, it may be billed', async () => {
    server.reply({ manner: 'silent' });
    const controller = new AbortController();
    const failed = failure(provider().complete(request(controller.signal)));
    await server.received(1);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'model_timeout', mayBeBilled: true });
  });

  test('before, nothing is sent', async () => {
    expect(await failure(provider().complete(request(AbortSignal.abort())))).toMatchObject({
      mayBeBilled: false,
    });
    expect(server.requests).toHaveLength(0);
  });
});
