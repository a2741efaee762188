import type { RouteName } from '../contract/wire/endpoints';
import { auditOver } from './audit';
import { streamEvents, type StreamOptions } from './event-stream';
import { decideTogether, gatesOver } from './gates';
import { recordsOver } from './records';
import { startHeaders } from './start-headers';
import { createTransport, type Call, type ClientOptions } from './transport';
import type { Answer, Body, CreateOptions, Listed, Query, Seen, WaitOptions } from './types';
import { waitForRun } from './wait-for-run';
import { webhooksOver } from './webhooks';

export type Client = ReturnType<typeof createClient>;

/**
 * A client of the API, typed from the contract. Requests that are the same act when repeated are sent again when they
 * fail in passing; every other failure is a CountersignError with a code of the catalogue.
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(options);

  async function send<Name extends RouteName>(name: Name, call?: Call): Promise<Answer<Name>> {
    return await transport.send<Answer<Name>>(name, call);
  }
  /** An address with `{id}` and neither query nor body. */
  function byId<Name extends RouteName>(name: Name) {
    return (id: string): Promise<Answer<Name>> => send(name, { path: { id } });
  }
  function list<Name extends RouteName>(name: Name) {
    return (query: Query<Name> = {}): Promise<Answer<Name>> =>
      send(name, { query: query as Call['query'] & {} });
  }
  function post<Name extends RouteName>(name: Name) {
    return (body: Body<Name>): Promise<Answer<Name>> => send(name, { body });
  }
  async function text(name: 'metrics' | 'docs'): Promise<string> {
    return await (await transport.open(name, { headers: { Accept: 'text/plain, text/html' } })).text();
  }
  const runs = {
    create: (body: Body<'runs.create'>, how: CreateOptions = {}) =>
      send('runs.create', { body, headers: startHeaders(how) }),
    get: byId('runs.get'),
    list: list('runs.list'),
    wait: (id: string, how: WaitOptions) => waitForRun(runs.get, id, how),
    calls: (id: string, query: Query<'runs.calls'> = {}) => send('runs.calls', { path: { id }, query }),
    withdraw: byId('runs.withdraw'),
    resend: (id: string, how: CreateOptions = {}) =>
      send('runs.resend', { path: { id }, headers: startHeaders(how) }),
    /** Records by hand what was refused or failed: a new run with one manual gate and no model call. */
    byHand: (id: string, body: Body<'runs.by_hand'>, how: CreateOptions = {}) =>
      send('runs.by_hand', { path: { id }, body, headers: startHeaders(how) }),
    /** Asks the stored prompt of one of its calls once more; nothing follows but what `replays.get` then tells. */
    replay: (id: string, body: Body<'runs.replay'> = {}, idempotencyKey: string = crypto.randomUUID()) =>
      send('runs.replay', { path: { id }, body, headers: { 'Idempotency-Key': idempotencyKey } }),
    replays: (id: string, query: Query<'runs.replays'> = {}) => send('runs.replays', { path: { id }, query }),
    feedback: (id: string, body: Body<'runs.feedback'>) => send('runs.feedback', { path: { id }, body }),
  };

  return {
    me: () => send('me.get'),
    runs,
    calls: { get: byId('calls.get') },
    replays: { get: byId('replays.get') },
    gates: gatesOver(transport),
    delegations: {
      list: list('delegations.list'),
      create: post('delegations.create'),
      revoke: byId('delegations.revoke'),
    },
    intents: { get: byId('intents.get') },
    decisions: {
      list: list('decisions.list'),
      get: byId('decisions.get'),
      create: decideTogether(transport),
    },
    reviewers: list('reviewers.list'),
    reviews: {
      list: list('reviews.list'),
      record: (id: string, body: Body<'reviews.record'>) => send('reviews.record', { path: { id }, body }),
    },
    records: recordsOver(transport),
    contents: { read: byId('contents.read') },
    credits: {
      get: () => send('credits.get'),
      ledger: list('credits.ledger'),
      grant: (body: Body<'credits.grant'>, idempotencyKey: string = crypto.randomUUID()) =>
        send('credits.grant', { body, headers: { 'Idempotency-Key': idempotencyKey } }),
    },
    evidence: () => send('evidence.get'),
    /** How often reviewers approved what a model proposed as it was drafted. */
    agreement: list('agreement.get'),
    policy: {
      get: () => send('policy.get'),
      put: (body: Body<'policy.put'>, seen: Seen) => send('policy.put', { body, headers: ifSeen(seen) }),
    },
    vendors: {
      list: list('vendors.list'),
      get: (vendor: string, model: string, region: string) =>
        send('vendors.get', { path: { vendor, model, region } }),
      put: (at: ModelAt, body: Body<'vendors.put'>, seen: Seen) =>
        send('vendors.put', { path: { ...at }, body, headers: ifSeen(seen) }),
    },
    prices: {
      list: list('prices.list'),
      get: (vendor: string, model: string, region: string) =>
        send('prices.get', { path: { vendor, model, region } }),
      /** The version of a model's prices is how many there are. */
      put: (at: ModelAt, body: Body<'prices.put'>, seen: Seen) =>
        send('prices.put', { path: { ...at }, body, headers: ifSeen(seen) }),
    },
    tenants: { list: list('tenants.list'), create: post('tenants.create') },
    members: {
      list: list('members.list'),
      create: post('members.create'),
      change: (user_id: string, body: Body<'members.change'>) =>
        send('members.change', { path: { user_id }, body }),
    },
    keys: {
      list: list('keys.list'),
      create: post('keys.create'),
      revoke: (key_id: string) => send('keys.revoke', { path: { key_id } }),
    },
    subjects: {
      list: list('subjects.list'),
      put: (subject_id: string, body: Body<'subjects.put'>) =>
        send('subjects.put', { path: { subject_id }, body }),
    },
    documents: {
      /** Takes base64; the same key is the same document, however often it is sent. */
      create: (body: Body<'documents.create'>, idempotencyKey: string = crypto.randomUUID()) =>
        send('documents.create', { body, headers: { 'Idempotency-Key': idempotencyKey } }),
      list: list('documents.list'),
      get: byId('documents.get'),
      passages: (id: string, query: Query<'documents.passages'> = {}) =>
        send('documents.passages', { path: { id }, query }),
      delete: byId('documents.delete'),
    },
    passages: { get: byId('passages.get') },
    purposes: {
      list: list('purposes.list'),
      get: (name: string) => send('purposes.get', { path: { name } }),
    },
    /** How the caller is written to. */
    notifications: { get: () => send('notifications.get'), put: post('notifications.put') },
    webhooks: webhooksOver(transport),
    pages: { list: list('pages.list'), acknowledge: byId('pages.acknowledge') },
    events: { stream: (how?: StreamOptions) => streamEvents(transport, how) },
    audit: auditOver(transport),
    health: () => send('healthz'),
    ready: () => send('readyz'),
    /** Counters as Prometheus reads them. */
    metrics: () => text('metrics'),
    /** The OpenAPI 3.1 document of the API that answers. */
    openapi: () => send('openapi'),
    /** The same document as a page for people. */
    docs: () => text('docs'),
  };
}

export interface ModelAt {
  readonly vendor: string;
  readonly model: string;
  readonly region: string;
}

/** Every item of a list, page after page: `for await (const run of everyItem((cursor) => client.runs.list({ cursor })))`. */
export async function* everyItem<Item>(
  page: (cursor: string | undefined) => Promise<Listed<Item>>,
): AsyncGenerator<Item> {
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor: next } = await page(cursor);
    yield* items;
    if (next === null) return;
    cursor = next;
  }
}

function ifSeen({ version }: Seen): Record<string, string> {
  return version === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` };
}
