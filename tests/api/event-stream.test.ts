import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:net';
import fc from 'fast-check';
import { STREAM_BOUNDS } from '../../api/stream-bounds';
import { createClient } from '../../client/index';
import { STREAM_ENDED, type Event } from '../../contract/wire/event';
import { testDatabase } from '../support/database';
import { addMember, buildWorld, type Person, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  const streams = { ...STREAM_BOUNDS, streamsOfKeyMax: 3, stalledMsMax: 400, heartbeatMs: 300 };
  return { database, world, streams };
});

interface Block {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly data: string | undefined;
}

/** Reads blocks of a stream until it has those that it wants, or the stream ends. */
async function read(
  by: Person,
  path: string,
  enough: (blocks: readonly Block[]) => boolean,
  after?: string,
): Promise<Block[]> {
  const leave = new AbortController();
  const response = await api.raw(path, {
    headers: {
      authorization: `Bearer ${by.token}`,
      ...(after === undefined ? {} : { 'last-event-id': after }),
    },
    signal: leave.signal,
  });
  expect(response.status).toBe(200);
  const blocks: Block[] = [];
  const decoder = new TextDecoder();
  let text = '';
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  while (!enough(blocks)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    blocks.push(...parts.map(blockOf));
  }
  leave.abort();
  return blocks;
}

function blockOf(text: string): Block {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  return { id: field('id'), type: field('event'), data: field('data') };
}

const events = (blocks: readonly Block[]): Block[] => blocks.filter(({ data }) => data !== undefined);

/** Events of one transaction. */
async function emit(tenantId: string, count: number, padding = 0): Promise<void> {
  await database.asOwner(tenantId, (transaction) =>
    transaction.rows(
      `select core.emit('policy.changed', 'system', null, null, jsonb_build_object('n', n::text, 'padding', repeat('x', $2)))
       from generate_series(1, $1::integer) n`,
      [count, padding],
    ),
  );
}

async function headSeq(): Promise<number> {
  const { body } = await api.ask(world.farm.owner, 'audit.head');
  return Number(body.seq);
}

it('resumes without a gap or a double however it breaks while events commit at once', async () => {
  const { owner, id } = world.farm;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      async (writers, breaks) => {
        const from = await headSeq();
        const total = writers.flat().reduce((sum, count) => sum + count, 0);
        const writing = Promise.all(
          writers.map(async (transactions) => {
            for (const count of transactions) await emit(id, count);
          }),
        );
        const seen: string[] = [];
        for (let turn = 0; seen.length < total; turn += 1) {
          const stop = breaks[turn % breaks.length] ?? 1;
          const wanted = Math.min(stop, total - seen.length);
          const after = seen.at(-1) ?? String(from);
          const got = await read(owner, '/v1/events', (blocks) => events(blocks).length >= wanted, after);
          // What came in the same piece as the last one that was wanted is lost with the connection.
          seen.push(
            ...events(got)
              .slice(0, wanted)
              .map((block) => block.id ?? ''),
          );
        }
        await writing;
        expect(seen).toEqual(Array.from({ length: total }, (_, index) => String(from + 1 + index)));
      },
    ),
    { numRuns: database.isNative ? 15 : 3, endOnFailure: true },
  );
}, 240_000);

it('tells of what is asked for alone, and goes on behind what it left out', async () => {
  const { owner, id } = world.farm;
  const from = String(await headSeq());
  await emit(id, 150);
  await database.asOwner(id, (transaction) =>
    transaction.rows("select core.emit('run.closed', 'system', null, $1, '{}')", [
      '0199f0c2-7a10-7c3e-9d41-5f6f2c9a1b01',
    ]),
  );
  await emit(id, 3);
  const path = '/v1/events?types=run.closed,run.refused';
  const got = await read(
    owner,
    path,
    (blocks) => blocks.some(({ id: place }) => place === String(Number(from) + 154)),
    from,
  );
  expect(events(got).map(({ type }) => type)).toEqual(['run.closed']);
  const byRun = '/v1/events?run_id=0199f0c2-7a10-7c3e-9d41-5f6f2c9a1b01';
  expect(events(await read(owner, byRun, (blocks) => events(blocks).length > 0, from))).toHaveLength(1);
  expect(
    (await api.raw('/v1/events?types=Run', { headers: { authorization: `Bearer ${owner.token}` } })).status,
  ).toBe(400);
});

it('lets a reader go that takes nothing, who then goes on where it was', async () => {
  const { owner, id } = world.farm;
  const from = await headSeq();
  await emit(id, 6_000, 3_000);
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\nLast-Event-ID: ${from}\r\n\r\n`,
  );
  // It reads nothing for longer than anybody waits for it.
  socket.pause();
  await sleep(2_500);
  let text = '';
  socket
    .setEncoding('utf8')
    .on('data', (piece: string) => (text += piece))
    .on('error', () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve).once('end', resolve));
  const places = [...text.matchAll(/^id: (\d+)$/gm)].map(([, place]) => Number(place));
  expect(places.length).toBeGreaterThan(0);
  expect(places.length).toBeLessThan(6_000);
  expect(places).toEqual(places.map((_, index) => from + 1 + index));
  // The last that is whole: what was cut in the middle comes again.
  const blocks = text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => block.includes('data: '));
  const last = Number(
    /^id: (\d+)$/m.exec(blocks.filter((block) => !block.includes(STREAM_ENDED)).at(-1) ?? '')?.[1],
  );
  const rest = from + 6_000 - last;
  const got = await read(owner, '/v1/events', (more) => events(more).length >= rest, String(last));
  expect(events(got).map((block) => Number(block.id))).toEqual(
    Array.from({ length: rest }, (_, index) => last + 1 + index),
  );
}, 120_000);

it('says that its reader may not watch any more', async () => {
  const watcher = await addMember(database, world.farm.id, ['operator']);
  const reading = read(watcher, '/v1/events', () => false);
  await sleep(200);
  await database.asOwner(world.farm.id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, true, null)', [
      watcher.userId,
      'No more',
      'person',
      ['requester'],
    ]),
  );
  const last = events(await reading).at(-1);
  expect(last).toMatchObject({ type: STREAM_ENDED, data: JSON.stringify({ code: 'not_allowed' }) });
}, 30_000);

it('keeps a connection alive, and opens so many for one key', async () => {
  const { owner } = world.farm;
  const open = [1, 2, 3].map(() =>
    read(owner, '/v1/events', (blocks) => blocks.filter(({ id }) => id).length >= 2),
  );
  await sleep(150);
  const refused = await api.refused(owner, 'events.stream');
  expect(refused.body.code).toBe('rate_limited');
  for (const blocks of await Promise.all(open)) expect(events(blocks)).toEqual([]);
  await sleep(100);
  await read(owner, '/v1/events', (blocks) => blocks.length > 0);
});

it('is followed by the client over a filter and an end that it was told of', async () => {
  const { owner, id } = world.farm;
  const watcher = await addMember(database, id, ['operator']);
  const client = (by: Person) => createClient({ baseUrl: api.url, key: by.token });
  const leave = new AbortController();
  const from = await headSeq();
  await emit(id, 2);
  const seen: Event[] = [];
  for await (const event of client(owner).events.stream({
    after: String(from),
    types: ['policy.changed'],
    signal: leave.signal,
  })) {
    seen.push(event);
    if (seen.length === 2) leave.abort();
  }
  expect(seen.map(({ seq }) => Number(seq))).toEqual([from + 1, from + 2]);
  const watching = (async () => {
    for await (const event of client(watcher).events.stream()) seen.push(event);
  })();
  await sleep(300);
  await database.asOwner(id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, true, null)', [
      watcher.userId,
      'No more',
      'person',
      ['requester'],
    ]),
  );
  await expect(watching).rejects.toMatchObject({ code: 'not_allowed' });
}, 30_000);
