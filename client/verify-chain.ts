import { createHash } from 'node:crypto';

/** An entry of a chain as the API answers it. `payload` is null where it is withheld: its hash still holds its place. */
export interface SealedEvent {
  readonly seq: string;
  readonly type: string;
  readonly at: string;
  readonly actor_kind: string;
  readonly actor_user_id: string | null;
  readonly run_id: string | null;
  readonly payload: string | null;
  readonly payload_hash: string;
  readonly prev_hash: string;
  readonly entry_hash: string;
}

/** A place in a chain: what a head, a checkpoint or an earlier verification says of it. */
export interface ChainPlace {
  readonly seq: string;
  readonly entry_hash: string;
}

export type ChainFault =
  | 'payload_hash_differs'
  | 'entry_hash_differs'
  | 'not_linked'
  | 'seq_not_next'
  | 'payload_not_canonical'
  | 'payload_malformed'
  | 'other_tenant'
  | 'columns_differ'
  | 'time_not_rising'
  | 'anchor_missing'
  | 'anchor_differs';

export interface ChainReport {
  readonly holds: boolean;
  /** The first fault; undefined when the chain holds. */
  readonly fault: { readonly seq: string; readonly code: ChainFault } | undefined;
  /** The last place that was reached without a fault. */
  readonly last: ChainPlace;
  readonly events: number;
  readonly withheld: number;
  /**
   * The highest place that the chain was compared with. A chain whose newest entries after it were cut off verifies:
   * nothing inside of it can tell how long it was, so keep heads and checkpoints where the database can't reach them.
   */
  readonly anchoredSeq: string | undefined;
}

export interface VerifyOptions {
  /** Where to begin; by default before the first event. */
  readonly from?: ChainPlace;
  /** Places that the chain must pass through: a head that was read before, checkpoints that were kept elsewhere. */
  readonly anchors?: readonly ChainPlace[];
}

interface Reached extends ChainPlace {
  readonly at: string;
}

const HEX_256 = /^[0-9a-f]{64}$/;
const KEY = /^[a-z][a-z0-9_]*$/;
/** Printable ASCII without quote and backslash: in this domain a string is its own escaped form. */
const TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/;
const PAYLOAD_KEYS = 'at body prev seq tenant type v';

/** What the first entry of a tenant's chain is linked to. */
export function genesisHash(tenantId: string): string {
  return createHash('sha256').update(`countersign/audit/v1\0${tenantId}`, 'utf8').digest('hex');
}

/**
 * Verifies a tenant's chain, oldest event first, trusting nothing but SHA-256: every payload is, byte for byte, the
 * RFC 8785 form of what it says; each entry is linked to the one before; numbers are without a gap; times rise strictly.
 */
export async function verifyChain(
  tenantId: string,
  events: AsyncIterable<SealedEvent> | Iterable<SealedEvent>,
  options: VerifyOptions = {},
): Promise<ChainReport> {
  const from = options.from ?? { seq: '0', entry_hash: genesisHash(tenantId) };
  const anchors = new Map((options.anchors ?? []).map((anchor) => [anchor.seq, anchor.entry_hash]));
  let reached: Reached = { ...from, at: '' };
  let count = 0;
  let withheld = 0;
  const report = (fault?: ChainReport['fault']): ChainReport => ({
    holds: fault === undefined,
    fault,
    last: { seq: reached.seq, entry_hash: reached.entry_hash },
    events: count,
    withheld,
    anchoredSeq: highest([...anchors.keys()].filter((seq) => BigInt(seq) <= BigInt(reached.seq))),
  });
  if (anchorFault(anchors, reached)) return report({ seq: reached.seq, code: 'anchor_differs' });
  for await (const event of events) {
    const next = follow(tenantId, reached, event);
    if (typeof next === 'string') return report({ seq: event.seq, code: next });
    if (anchorFault(anchors, next)) return report({ seq: next.seq, code: 'anchor_differs' });
    reached = next;
    count += 1;
    if (event.payload === null) withheld += 1;
  }
  const beyond = [...anchors.keys()].find((seq) => BigInt(seq) > BigInt(reached.seq));
  return report(beyond === undefined ? undefined : { seq: beyond, code: 'anchor_missing' });
}

function highest(seqs: readonly string[]): string | undefined {
  return [...seqs].sort((a, b) => (BigInt(a) < BigInt(b) ? 1 : -1))[0];
}

function anchorFault(anchors: ReadonlyMap<string, string>, place: ChainPlace): boolean {
  const expected = anchors.get(place.seq);
  return expected !== undefined && expected !== place.entry_hash;
}

/** Goes on from one place to the next entry, or says what is wrong with it. */
function follow(tenantId: string, before: Reached, event: SealedEvent): Reached | ChainFault {
  const seq = (BigInt(before.seq) + 1n).toString();
  if (event.seq !== seq) return 'seq_not_next';
  if (event.prev_hash !== before.entry_hash) return 'not_linked';
  if (!HEX_256.test(event.payload_hash)) return 'payload_hash_differs';
  if (event.entry_hash !== entryHash(event.prev_hash, event.payload_hash)) return 'entry_hash_differs';
  const reached = { seq, entry_hash: event.entry_hash };
  if (event.payload === null) return { ...reached, at: before.at };
  if (event.payload_hash !== sha256(event.payload)) return 'payload_hash_differs';
  const read = readPayload(event.payload);
  if (typeof read === 'string') return read;
  if (read.tenant !== tenantId) return 'other_tenant';
  if (read.seq !== seq) return 'seq_not_next';
  if (read.prev !== before.entry_hash) return 'not_linked';
  const at = microseconds(read.at);
  if (at === undefined) return 'payload_malformed';
  if (!sameColumns(read, event, at)) return 'columns_differ';
  return at > before.at ? { ...reached, at } : 'time_not_rising';
}

interface Payload {
  readonly at: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly prev: string;
  readonly seq: string;
  readonly tenant: string;
  readonly type: string;
}

function readPayload(text: string): Payload | ChainFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'payload_malformed';
  }
  if (!isObject(value) || Object.keys(value).sort().join(' ') !== PAYLOAD_KEYS) return 'payload_malformed';
  const { v, body, ...texts } = value;
  if (v !== 1 || !isObject(body)) return 'payload_malformed';
  if (!Object.values(texts).every((part) => typeof part === 'string')) return 'payload_malformed';
  const [start, rest] = [canonical({ ...texts, body }), ',"v":1}'];
  if (start === undefined || text !== `${start.slice(0, -1)}${rest}`) return 'payload_not_canonical';
  return { ...(texts as Omit<Payload, 'body'>), body };
}

/**
 * RFC 8785 in the domain of event bodies, where keys are lower-case ASCII, strings need no escape and there are no
 * numbers. Undefined outside of it.
 */
function canonical(value: unknown): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return TEXT.test(value) ? `"${value}"` : undefined;
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
  }
  if (!isObject(value)) return undefined;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => {
      const text = canonical(item);
      return text !== undefined && KEY.test(key) ? `"${key}":${text}` : undefined;
    });
  return members.includes(undefined) ? undefined : `{${members.join(',')}}`;
}

/** Columns beside the payload are read by people and programs, so they must say the same. */
function sameColumns({ type, body }: Payload, event: SealedEvent, at: string): boolean {
  return (
    event.type === type &&
    microseconds(event.at) === at &&
    event.actor_kind === body.actor_kind &&
    event.actor_user_id === body.actor_user_id &&
    event.run_id === body.run_id
  );
}

/** A time with all six digits, so that texts compare as the times that they say. Undefined when it is none of ours. */
function microseconds(time: string): string | undefined {
  const [, seconds, fraction = ''] = TIME.exec(time) ?? [];
  return seconds === undefined ? undefined : `${seconds}.${fraction.padEnd(6, '0')}`;
}

function entryHash(prevHash: string, payloadHash: string): string {
  return createHash('sha256')
    .update(Buffer.from(prevHash, 'hex'))
    .update(Buffer.from(payloadHash, 'hex'))
    .digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
