import { createHash } from 'node:crypto';
import { genesisHash, verifyChain, type SealedEvent } from '../../client/verify-chain';
import { testDatabase } from '../support/database';
import { buildWorld } from '../support/world';

const database = testDatabase();
let tenant: string;
let chain: SealedEvent[];

beforeAll(async () => {
  const world = await buildWorld(database);
  tenant = world.farm.id;
  const rows = await database.as('auditor', tenant, (transaction) =>
    transaction.rows<SealedEvent & { seq: unknown }>(
      `select seq::text as seq, type, at, actor_kind, actor_user_id, run_id, payload, payload_hash, prev_hash, entry_hash
       from app.events order by app.events.seq`,
    ),
  );
  chain = rows;
});

const last = (events: readonly SealedEvent[]): SealedEvent => {
  const found = events.at(-1);
  if (found === undefined) throw new Error('the chain is empty');
  return found;
};
const hash = (...parts: (string | Buffer)[]): string => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
};

/** Forges an entry as somebody would who can write the table: all hashes from there on are made to fit. */
function forge(
  events: readonly SealedEvent[],
  place: number,
  payload: (text: string) => string,
): SealedEvent[] {
  let prev = '';
  return events.map((event, index) => {
    if (index < place) return event;
    const start = index === place ? payload(event.payload ?? '') : (event.payload ?? '');
    const text = index === place ? start : start.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);
    const payloadHash = hash(text);
    const prevHash = index === place ? event.prev_hash : prev;
    prev = hash(Buffer.from(prevHash, 'hex'), Buffer.from(payloadHash, 'hex'));
    return { ...event, payload: text, payload_hash: payloadHash, prev_hash: prevHash, entry_hash: prev };
  });
}

describe('a chain as the database sealed it', () => {
  it('verifies from its genesis to its head', async () => {
    const head = last(chain);
    const report = await verifyChain(tenant, chain, { anchors: [head] });
    expect(report).toEqual({
      holds: true,
      fault: undefined,
      last: { seq: head.seq, entry_hash: head.entry_hash },
      events: chain.length,
      withheld: 0,
      anchoredSeq: head.seq,
    });
    expect(chain.length).toBeGreaterThan(5);
    expect(chain[0]?.prev_hash).toBe(genesisHash(tenant));
  });

  it('verifies in parts, each from where the one before ended', async () => {
    const first = await verifyChain(tenant, chain.slice(0, 3));
    const second = await verifyChain(tenant, chain.slice(3), { from: first.last });
    expect(first.holds && second.holds).toBe(true);
    expect(second.last.entry_hash).toBe(last(chain).entry_hash);
  });

  it('still verifies where payloads are withheld, and says how many', async () => {
    const withheld = chain.map((event, index) => (index === 2 ? { ...event, payload: null } : event));
    expect(await verifyChain(tenant, withheld)).toMatchObject({ holds: true, withheld: 1 });
  });
});

describe('a chain that was changed', () => {
  it('is noticed at every byte of every payload', async () => {
    const missed: string[] = [];
    for (const [index, event] of chain.slice(0, 6).entries()) {
      const text = event.payload ?? '';
      for (let place = 0; place < text.length; place += 1) {
        const other = text[place] === 'x' ? 'y' : 'x';
        const payload = text.slice(0, place) + other + text.slice(place + 1);
        const changed = chain.map((one, at) => (at === index ? { ...one, payload } : one));
        if ((await verifyChain(tenant, changed)).holds) missed.push(`${event.seq}@${place}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it('is noticed in every column of every event', async () => {
    const missed: string[] = [];
    for (const [index, event] of chain.entries()) {
      for (const column of Object.keys(event) as (keyof SealedEvent)[]) {
        const value = event[column];
        const changed = typeof value === 'string' ? flipFirst(value) : '00000000-0000-7000-8000-000000000000';
        const events = chain.map((one, at) => (at === index ? { ...one, [column]: changed } : one));
        if ((await verifyChain(tenant, events)).holds) missed.push(`${event.seq} ${column}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it('is noticed when an entry is taken out, doubled, or two change places', async () => {
    const [first, second, ...rest] = chain;
    if (first === undefined || second === undefined) throw new Error('the chain is too short');
    for (const events of [
      [second, ...rest],
      [first, ...rest],
      [first, first, second, ...rest],
      [second, first, ...rest],
    ]) {
      expect(await verifyChain(tenant, events)).toMatchObject({ holds: false });
    }
  });

  it.each([
    [
      'keys in another order',
      (text: string) =>
        text.replace(/^(\{"at":"[^"]+"),("body":.*),("prev":)/, '{$2,$1,$3').replace('{{', '{'),
      /payload_(not_canonical|malformed)/,
    ],
    ['white space', (text: string) => text.replace('"prev":', '"prev": '), /payload_not_canonical/],
    ['a key twice', (text: string) => text.replace(',"v":1}', ',"v":1,"v":1}'), /payload_not_canonical/],
    ['a number', (text: string) => text.replace('"body":{', '"body":{"a":1,'), /payload_not_canonical/],
    ['an escape', (text: string) => text.replace('"type":"', '"type":"\\u0061'), /payload_not_canonical/],
    ['another version', (text: string) => text.replace('"v":1}', '"v":2}'), /payload_malformed/],
    [
      'another tenant',
      (text: string) => text.replace(/"tenant":"[^"]+"/, '"tenant":"elsewhere"'),
      /other_tenant/,
    ],
    ['another number', (text: string) => text.replace(/"seq":"\d+"/, '"seq":"99"'), /seq_not_next/],
    ['an earlier time', (text: string) => text.replace(/"at":"\d{4}/, '"at":"1999'), /columns_differ/],
    ['no JSON', () => 'nothing', /payload_malformed/],
  ])('is noticed with all hashes made to fit: %s', async (_what, change, code) => {
    const report = await verifyChain(tenant, forge(chain, 2, change));
    expect(report.fault?.code).toMatch(code);
    expect(report.last.seq).toBe('2');
  });

  it('is noticed when time does not rise, with columns and hashes made to fit', async () => {
    const early = '1999-01-01T00:00:00.000000Z';
    const forged = forge(chain, 2, (text) => text.replace(/"at":"[^"]+"/, `"at":"${early}"`)).map(
      (event, index) => (index === 2 ? { ...event, at: early } : event),
    );
    expect((await verifyChain(tenant, forged)).fault).toEqual({ seq: '3', code: 'time_not_rising' });
  });

  it('is noticed when it is the chain of another tenant', async () => {
    expect((await verifyChain('elsewhere', chain)).fault).toEqual({ seq: '1', code: 'not_linked' });
  });
});

describe('a chain whose newest entries were cut off', () => {
  it('verifies by itself, since nothing in it tells how long it was', async () => {
    const report = await verifyChain(tenant, chain.slice(0, -2));
    expect(report).toMatchObject({ holds: true, anchoredSeq: undefined });
  });

  it('is noticed against a head or a checkpoint that was kept elsewhere', async () => {
    const head = last(chain);
    const report = await verifyChain(tenant, chain.slice(0, -2), { anchors: [head] });
    expect(report.fault).toEqual({ seq: head.seq, code: 'anchor_missing' });
  });

  it('is noticed when it was written anew from a place on, hashes made to fit', async () => {
    const rewritten = forge(chain, 3, (text) => text.replace('"body":{', '"body":{"a":"b",'));
    expect(await verifyChain(tenant, rewritten)).toMatchObject({ holds: true });
    const report = await verifyChain(tenant, rewritten, { anchors: [last(chain)] });
    expect(report.fault?.code).toBe('anchor_differs');
  });
});

function flipFirst(text: string): string {
  return `${text.startsWith('1') ? '2' : '1'}${text.slice(1)}`;
}
