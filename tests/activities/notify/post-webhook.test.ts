import type { LookupAddress } from 'node:dns';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createPostWebhook, type PostWebhookOptions } from '../../../activities/notify/post-webhook';
import { answering, startSink, type Sink } from '../../support/sink';

let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
beforeEach(() => {
  sink.received.length = 0;
  sink.answer = answering(204);
});
afterAll(() => sink.stop());

const post = createPostWebhook({ allowLoopback: true, timeoutMs: 500 });
const send = (url: string = sink.url) => post({ url, headers: { 'webhook-id': 'one' }, body: '{"a":1}' });

/** Names that lead where a test says, in turn. */
function names(...answers: readonly (readonly string[])[]): NonNullable<PostWebhookOptions['lookup']> {
  let asked = 0;
  return (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    setImmediate(() => callback(null, found));
  };
}

it('sends what it is given, and takes every 2xx for success', async () => {
  for (const status of [200, 201, 204, 299]) {
    sink.answer = answering(status);
    expect(await send()).toEqual({ code: null, status, retryAfterSeconds: null });
  }
  expect(sink.received[0]).toMatchObject({
    body: '{"a":1}',
    headers: { 'webhook-id': 'one', 'content-length': '7' },
  });
});

it.each([
  [301, 'sink_redirected'],
  [302, 'sink_redirected'],
  [307, 'sink_redirected'],
  [400, 'sink_status'],
  [410, 'sink_gone'],
  [500, 'sink_status'],
] as const)('takes a %s for a failure', async (status, code) => {
  sink.answer = answering(status, { location: `${sink.url}/elsewhere` });
  expect(await send()).toMatchObject({ code, status });
  expect(sink.received).toHaveLength(1);
});

it('reads when it may come back, in seconds or as a date, a day at most', async () => {
  const after = async (value: string): Promise<number | null> => {
    sink.answer = answering(429, { 'retry-after': value });
    return (await send()).retryAfterSeconds;
  };
  expect(await after('120')).toBe(120);
  expect(await after('99999999')).toBe(86_400);
  const inAMinute = await after(new Date(Date.now() + 60_000).toUTCString());
  expect(inAMinute).toBeGreaterThan(50);
  expect(inAMinute).toBeLessThanOrEqual(61);
  expect(await after('soon')).toBeNull();
  expect(await after('-5')).toBeNull();
});

it('gives up on one that does not answer in time', async () => {
  sink.answer = () => undefined;
  expect(await send()).toEqual({ code: 'sink_timeout', status: null, retryAfterSeconds: null });
});

it('gives up on one that sends its headers a byte at a time', async () => {
  sink.answer = (_response, _received, { socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nx: ');
    const drip = setInterval(() => socket.write('y'), 50);
    socket.on('close', () => clearInterval(drip));
  };
  expect(await send()).toMatchObject({ code: 'sink_timeout' });
});

it('does not wait for a body, however long it is', async () => {
  sink.answer = (response) => {
    response.writeHead(200);
    const flood = setInterval(() => response.write('x'.repeat(10_000)), 5);
    response.on('close', () => clearInterval(flood));
  };
  expect(await send()).toMatchObject({ code: null, status: 200 });
});

it('takes a connection that is reset in the middle of an answer for a failure', async () => {
  sink.answer = (_response, _received, { socket }) => {
    socket.write('HTTP/1.1 20');
    socket.resetAndDestroy();
  };
  expect(await send()).toMatchObject({ code: 'sink_unreachable', status: null });
});

it('says so when nobody listens, or somebody speaks something else', async () => {
  expect(await send('http://127.0.0.1:9/')).toMatchObject({ code: 'sink_unreachable' });
  const other = createServer((socket: Socket) => socket.resume().end('SSH-2.0-Other\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 'sink_unreachable' });
  await new Promise((resolve) => other.close(resolve));
});

describe('addresses that are not of the public internet', () => {
  const strict = (lookup?: PostWebhookOptions['lookup']) =>
    createPostWebhook({ allowLoopback: false, timeoutMs: 500, ...(lookup ? { lookup } : {}) });
  const body = { headers: {}, body: '{}' };

  it.each([
    '127.0.0.1',
    '10.0.0.5',
    '169.254.169.254',
    '::1',
    '::ffff:10.0.0.5',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
  ])('refuses a name that leads to %s', async (address) => {
    const { code } = await strict(names([address]))({ url: 'https://sink.example.com/', ...body });
    expect(code).toBe('webhook_address_refused');
  });

  it('refuses a name one of whose addresses is not public', async () => {
    const { code } = await strict(names(['93.184.215.14', '192.168.0.1']))({
      url: 'https://sink.example.com/',
      ...body,
    });
    expect(code).toBe('webhook_address_refused');
  });

  it('looks at each connection, so that a name which led elsewhere when it was added leads nowhere', async () => {
    const lookup = names(['203.0.112.9'], ['127.0.0.1']);
    const rebound = strict(lookup);
    // The first look is the registration's; what is connected to is what the second one gives, and that is checked.
    await new Promise((resolve) => lookup('sink.example.com', { all: true }, resolve));
    expect(await rebound({ url: 'https://sink.example.com/', ...body })).toMatchObject({
      code: 'webhook_address_refused',
    });
  });

  it('asks once for each connection: what was checked is what is connected to', async () => {
    let asked = 0;
    const counting: NonNullable<PostWebhookOptions['lookup']> = (_hostname, _options, callback) => {
      asked += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const loose = createPostWebhook({ allowLoopback: true, timeoutMs: 500, lookup: counting });
    const url = sink.url.replace('127.0.0.1', 'localhost');
    expect(await loose({ url, ...body })).toMatchObject({ code: null });
    expect(asked).toBe(1);
  });

  it('lets a name of elsewhere lead to loopback not even where loopback is allowed', async () => {
    const loose = createPostWebhook({ allowLoopback: true, timeoutMs: 500, lookup: names(['127.0.0.1']) });
    expect(await loose({ url: 'https://sink.example.com/', ...body })).toMatchObject({
      code: 'webhook_address_refused',
    });
  });

  it('refuses a URL of itself, without a look', async () => {
    expect(await strict()({ url: sink.url, ...body })).toMatchObject({ code: 'webhook_address_refused' });
    expect(sink.received).toEqual([]);
  });
});
