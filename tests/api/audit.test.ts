import { createHash, randomUUID } from 'node:crypto';
import { ENDPOINTS } from '../../contract/wire/endpoints';
import type { Event } from '../../contract/wire/event';
import { testDatabase } from '../support/database';
import { addMember, buildWorld, type Person, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

async function startRun(by: Person, note = 'All quiet'): Promise<{ id: string; input_content_id: string }> {
  const { body } = await api.ask(by, 'runs.create', {
    body: { purpose: 'farm.record', input: { note, occurred_at: '2026-11-24T08:00:00Z' } },
    headers: { 'idempotency-key': randomUUID() },
  });
  return body;
}

const sha256 = (...parts: readonly Buffer[]): string =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex');

/** What an auditor does who trusts nobody: recomputes every hash from the payload's own text. */
function verify(events: readonly Event[], tenantId: string): string {
  let prev = sha256(Buffer.from('countersign/audit/v1\0'), Buffer.from(tenantId));
  for (const [index, event] of events.entries()) {
    expect(event.seq).toBe(String(index + 1));
    expect(event.prev_hash).toBe(prev);
    const payloadHash = sha256(Buffer.from(event.payload ?? 'withheld'));
    expect(event.payload_hash).toBe(payloadHash);
    prev = sha256(Buffer.from(prev, 'hex'), Buffer.from(payloadHash, 'hex'));
    expect(event.entry_hash).toBe(prev);
  }
  return prev;
}

describe('the chain', () => {
  it('is read from any place on, and verifies to its head', async () => {
    const { farm } = world;
    await startRun(farm.hand);
    const { body: head } = await api.ask(farm.owner, 'audit.head');
    const events: Event[] = [];
    for (;;) {
      const { body } = await api.ask(farm.owner, 'audit.recent', {
        query: { since: events.at(-1)?.seq ?? '0', limit: 3 },
      });
      events.push(...body.events);
      if (body.events.length < 3) break;
    }
    expect(events.at(-1)).toMatchObject({ seq: head.seq, entry_hash: head.entry_hash });
    expect(verify(events, farm.id)).toBe(head.entry_hash);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['policy.changed', 'credit.granted', 'run.accepted']),
    );
    const platform = await api.ask(world.platformAdmin, 'audit.recent', { query: { limit: 1000 } });
    expect(verify(platform.body.events, '__platform__')).toBe(platform.body.head.entry_hash);
  });

  it('records who read which content, and shows an auditor what the commitment commits to', async () => {
    const { farm } = world;
    const auditor = await addMember(database, farm.id, ['auditor']);
    const run = await startRun(farm.hand, 'Twelve died');
    const params = { id: run.input_content_id };
    const { body: content } = await api.ask(auditor, 'contents.read', { params });
    expect(JSON.parse(content.text)).toMatchObject({ note: 'Twelve died' });
    expect(sha256(Buffer.from(content.salt, 'hex'), Buffer.from(content.text))).toBe(content.commitment);
    const { body: recent } = await api.ask(auditor, 'audit.recent', { query: { run_id: run.id } });
    const reading = recent.events.find(({ type }) => type === 'content.read');
    expect(reading).toMatchObject({ actor_user_id: auditor.userId });
    expect(reading?.payload).toContain(content.commitment);
    expect(recent.events.find(({ type }) => type === 'run.accepted')?.payload).toContain(content.commitment);
    for (const { payload } of recent.events) expect(payload).not.toContain('Twelve died');
    expect((await api.refused(farm.owner, 'contents.read', { params })).body.code).toBe('not_allowed');
  });
});

describe('GET /v1/evidence', () => {
  it('sets totals beside what they must equal, and notices when they do not', async () => {
    const { farm } = world;
    await startRun(farm.hand);
    const before = (await api.ask(farm.owner, 'evidence.get')).body;
    expect(before.checks.length).toBeGreaterThan(8);
    expect(before.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(before.credits).toMatchObject({ balance: '1000000', granted: '1000000' });
    const { body: recent } = await api.ask(farm.owner, 'audit.recent', { query: { limit: 1000 } });
    expect(before.events.total).toBe(String(recent.events.length));
    // A balance that somebody with the owner's rights has moved without a leg.
    await database.look(
      'update core.accounts set balance_credits = balance_credits + 5 where tenant_id = $1',
      [farm.id],
    );
    const after = (await api.ask(farm.owner, 'evidence.get')).body;
    expect(after.checks.filter(({ holds }) => !holds)).toEqual([
      { name: 'balance is the sum of the ledger', left: '1000005', right: '1000000', holds: false },
    ]);
  });
});

describe('GET /v1/events', () => {
  interface Received {
    readonly id: string;
    readonly type: string;
    readonly event: Event;
  }

  /** Reads a stream until it has brought so many events. */
  async function listen(
    by: Person,
    count: number,
    path = '/v1/events',
    headers: Record<string, string> = {},
    during?: () => Promise<unknown>,
  ): Promise<Received[]> {
    const leave = new AbortController();
    const response = await api.raw(path, {
      headers: { authorization: `Bearer ${by.token}`, ...headers },
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await during?.();
    const received: Received[] = [];
    let text = '';
    const decoder = new TextDecoder();
    const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    while (reader !== undefined && received.length < count) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      received.push(...blocks.flatMap(parse));
    }
    leave.abort();
    return received;
  }

  function parse(block: string): Received[] {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
    );
    const data = fields.get('data');
    return data === undefined
      ? []
      : [{ id: fields.get('id') ?? '', type: fields.get('event') ?? '', event: JSON.parse(data) as Event }];
  }

  it('tells of events as they are sealed, and goes on after the last one that was seen', async () => {
    const { owner, hand } = world.farm;
    const live = await listen(owner, 2, '/v1/events', {}, async () => {
      await startRun(hand);
      await startRun(hand);
    });
    expect(live.map(({ type }) => type)).toEqual(['run.accepted', 'run.accepted']);
    const [first, second] = live;
    expect(Number(second?.id)).toBe(Number(first?.id) + 1);
    const resumed = await listen(owner, 1, '/v1/events', { 'last-event-id': first?.id ?? '' });
    expect(resumed).toEqual([second]);
    const whole = await listen(owner, Number(second?.id), '/v1/events?since=0');
    expect(
      verify(
        whole.map(({ event }) => event),
        world.farm.id,
      ),
    ).toBe(second?.event.entry_hash);
  });

  it('ends once its listener may not watch any more', async () => {
    const watcher = await addMember(database, world.farm.id, ['operator']);
    const everything = await listen(watcher, Number.MAX_SAFE_INTEGER, '/v1/events', {}, async () => {
      await database.asOwner(world.farm.id, (transaction) =>
        transaction.value('select app.set_member($1, $2, $3, $4, true, null)', [
          watcher.userId,
          'Watcher',
          'person',
          ['requester'],
        ]),
      );
    });
    expect(everything.map(({ type }) => type)).toEqual(['member.changed', 'stream.ended']);
  }, 30_000);

  it('tells nothing to who asks or decides, and of no other tenant', async () => {
    for (const role of ['requester', 'reviewer', 'senior'] as const) {
      const one = await addMember(database, world.farm.id, [role]);
      for (const name of ['events.stream', 'audit.recent'] as const)
        expect((await api.refused(one, name)).body.code).toBe('not_allowed');
    }
    expect(ENDPOINTS['events.stream'].roles).toEqual(ENDPOINTS['audit.recent'].roles);
    const { admin, id } = world.hospital;
    const all = await listen(admin, 3, '/v1/events?since=0');
    for (const { event } of all) expect(event.payload).toContain(`"tenant":"${id}"`);
    expect((await api.refused(admin, 'events.stream', { headers: { 'last-event-id': 'x' } })).status).toBe(
      400,
    );
  });
});
