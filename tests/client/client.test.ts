import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CountersignError } from '../../client/error';
import { createClient, everyItem, type Client } from '../../client/index';
import { testApi } from '../api/support/server';
import { testDatabase } from '../support/database';
import { buildWorld, type Person, type World } from '../support/world';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

const as = (person: Person): Client => createClient({ baseUrl: api.url, key: person.token });

async function failure(work: Promise<unknown>): Promise<CountersignError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CountersignError) return error;
  throw new Error(`no CountersignError, but ${String(error)}`);
}

describe('with the real API', () => {
  const note = () => ({
    purpose: 'farm.record',
    input: { note: '3 broilers died in House 2', occurred_at: '2026-11-20T08:00:00Z' },
  });

  it('creates a run once under one key, however often it is sent', async () => {
    const hand = as(world.farm.hand);
    const idempotencyKey = randomUUID();
    const first = await hand.runs.create(note(), { idempotencyKey });
    const again = await hand.runs.create(note(), { idempotencyKey });
    const other = await hand.runs.create(note());
    expect(again.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(await hand.runs.get(first.id)).toMatchObject({ id: first.id, purpose: 'farm.record' });
  });

  it('throws the problem with its code, status and whether it may pass', async () => {
    const error = await failure(as(world.farm.owner).runs.get(randomUUID()));
    expect(error).toMatchObject({ code: 'run_not_found', status: 404, retryable: false });
    expect(error.problem?.title).toBe(error.message);
    const stranger = createClient({ baseUrl: api.url, key: 'cs_nobody' });
    expect(await failure(stranger.me())).toMatchObject({ code: 'not_authenticated', status: 401 });
    const badInput = as(world.farm.hand).runs.create({ purpose: 'farm.record', input: { note: 3 } });
    expect((await failure(badInput)).problem?.errors?.length).toBeGreaterThan(0);
  });

  it('reads a list to its end, page after page', async () => {
    const owner = as(world.farm.owner);
    const wanted = (await owner.runs.list({ limit: 200 })).items.map(({ id }) => id);
    const read: string[] = [];
    for await (const run of everyItem((cursor) => owner.runs.list({ cursor, limit: 1 }))) read.push(run.id);
    expect(read).toEqual(wanted);
    expect(read.length).toBeGreaterThan(1);
  });

  it('saves a policy only on the version that was read', async () => {
    const owner = as(world.farm.owner);
    const { version, tenant_id: _tenant, set_by: _by, set_at: _at, ...policy } = await owner.policy.get();
    const saved = await owner.policy.put({ ...policy, reason: 'a test' }, { version });
    expect(saved.version).toBe(version + 1);
    const stale = await failure(owner.policy.put({ ...policy, reason: 'a test' }, { version }));
    expect(stale).toMatchObject({ code: 'version_stale', status: 412 });
  });

  it('says when the time to wait for a run is up, and leaves the run alone', async () => {
    const hand = as(world.farm.hand);
    const { id } = await hand.runs.create(note());
    await expect(hand.runs.wait(id, { until: 'closed', timeoutMs: 200 })).rejects.toThrow('still');
    expect(await hand.runs.wait(id, { until: (run) => run.id === id })).toMatchObject({ id });
  });

  it('gives up a wait that is aborted', async () => {
    const hand = as(world.farm.hand);
    const { id } = await hand.runs.create(note());
    const controller = new AbortController();
    const wait = hand.runs.wait(id, { until: 'closed', signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(wait).rejects.toThrow('enough');
  });

  it('verifies the chain that the API answers, and streams what is sealed after a place', async () => {
    const owner = as(world.farm.owner);
    const report = await owner.audit.verify();
    expect(report).toMatchObject({ holds: true, anchoredSeq: report.last.seq });
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const event of owner.events.stream({ after: '1', signal: controller.signal })) {
      seen.push(event.seq);
      if (event.seq === report.last.seq) controller.abort();
    }
    expect(seen).toEqual(
      Array.from({ length: Number(report.last.seq) - 1 }, (_one, index) => `${index + 2}`),
    );
  });
});

/** A server that answers as a script says, once each, and remembers what it was asked. */
describe('when requests fail in passing', () => {
  const asked: IncomingMessage[] = [];
  let script: (number | 'hang up')[] = [];
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      const status = script.shift() ?? 200;
      if (status === 'hang up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = createClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      retriesMax: 2,
    });
  });
  beforeEach(() => void asked.splice(0));
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const decide = (): Promise<unknown> =>
    client.gates.decide({ id: 'g', version: 1, proposal_hash: 'h', shown_hash: 's' }, 'approve');

  it.each([
    ['a read that is not served now', () => client.runs.list(), [503, 503], 3],
    ['a read whose connection breaks', () => client.runs.list(), ['hang up' as const], 2],
    [
      'a start under its key',
      () => client.runs.create({ purpose: 'p', input: {} }),
      [503, 'hang up' as const],
      3,
    ],
    ['a verdict that came too fast', decide, [429], 2],
  ])('sends again %s', async (_what, send, answers, times) => {
    script = [...answers];
    await send();
    expect(asked).toHaveLength(times);
    expect(new Set(asked.map((one) => one.headers['idempotency-key'])).size).toBe(1);
  });

  it.each([
    ['a verdict that may have been stored', decide, [503]],
    ['a verdict whose connection broke', decide, ['hang up' as const]],
    ['what the server broke on', () => client.runs.list(), [500]],
    ['what is refused', () => client.runs.list(), [403]],
  ])('does not send again %s', async (_what, send, answers) => {
    script = [...answers];
    expect(await failure(send())).toBeInstanceOf(CountersignError);
    expect(asked).toHaveLength(1);
  });

  it('gives up after so many times, with the last failure', async () => {
    script = [503, 503, 503, 503];
    expect(await failure(client.runs.list())).toMatchObject({ status: 503, retryable: true });
    expect(asked).toHaveLength(3);
    script = [];
  });

  it('says that nobody answers', async () => {
    const nowhere = createClient({ baseUrl: 'http://127.0.0.1:9', retriesMax: 0 });
    expect(await failure(nowhere.me())).toMatchObject({ code: 'unreachable', status: 0, retryable: true });
  });
});
