import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from '../../client/index';
import { ENDPOINTS, type Endpoint, type RouteName } from '../../contract/wire/endpoints';
import { expectedAddress, ID } from '../support/addresses';

const MODEL = { vendor: 'local', model: 'farm-notes-1', region: 'here' };
const GATE = { id: ID, version: 1, proposal_hash: '0'.repeat(64), shown_hash: '0'.repeat(64) };
/** Content is of no weight here: only where a method goes. */
const BODY = {} as never;
const SEEN = { version: 1 };

/** A route that is added to the contract and has no method here does not compile. */
const METHODS: Readonly<Record<RouteName, (client: Client) => Promise<unknown>>> = {
  'me.get': (client) => client.me(),
  'runs.create': (client) => client.runs.create(BODY),
  'runs.list': (client) => client.runs.list(),
  'runs.get': (client) => client.runs.get(ID),
  'runs.calls': (client) => client.runs.calls(ID),
  'runs.withdraw': (client) => client.runs.withdraw(ID),
  'runs.resend': (client) => client.runs.resend(ID),
  'runs.by_hand': (client) => client.runs.byHand(ID, { record_type: 'task' }),
  'runs.feedback': (client) => client.runs.feedback(ID, { thumb: 'up' }),
  'runs.replay': (client) => client.runs.replay(ID),
  'runs.replays': (client) => client.runs.replays(ID),
  'replays.get': (client) => client.replays.get(ID),
  'calls.get': (client) => client.calls.get(ID),
  'gates.list': (client) => client.gates.list(),
  'gates.get': (client) => client.gates.get(ID),
  'gates.claim': (client) => client.gates.claim(ID),
  'gates.renew': (client) => client.gates.renew(ID, 60),
  'gates.steal': (client) => client.gates.steal(ID, { from: ID, reason: 'away' }),
  'gates.reassign': (client) => client.gates.reassign(ID, { to: ID, reason: 'away' }),
  'gates.ask': (client) => client.gates.ask(ID, 'Which buyer?'),
  'gates.answer': (client) => client.gates.answer(ID, ID, 'Her sister.'),
  'gates.release': (client) => client.gates.release(ID),
  'gates.decide': (client) => client.gates.approve(GATE),
  'reauthentications.create': (client) => client.gates.prove(GATE, 'approve', {}, 'cs_key'),
  'gates.comment': (client) => client.gates.comment(ID, 'seen'),
  'gates.recuse': (client) => client.gates.recuse(ID),
  'gates.view': (client) => client.gates.view(ID, { opinion: 'approve', note: 'seen' }),
  'delegations.list': (client) => client.delegations.list(),
  'delegations.create': (client) => client.delegations.create(BODY),
  'delegations.revoke': (client) => client.delegations.revoke(ID),
  'intents.get': (client) => client.intents.get(ID),
  'decisions.list': (client) => client.decisions.list(),
  'decisions.create': (client) => client.decisions.create(BODY),
  'decisions.get': (client) => client.decisions.get(ID),
  'reviewers.list': (client) => client.reviewers(),
  'reviews.list': (client) => client.reviews.list(),
  'reviews.record': (client) => client.reviews.record(ID, BODY),
  'records.list': (client) => client.records.list(),
  'records.correct': (client) => client.records.correct(ID, { payload: {}, reason: 'a slip' }),
  'records.undo': (client) => client.records.undo(ID, 'a slip'),
  'contents.read': (client) => client.contents.read(ID),
  'credits.get': (client) => client.credits.get(),
  'credits.ledger': (client) => client.credits.ledger(),
  'credits.grant': (client) => client.credits.grant(BODY),
  'evidence.get': (client) => client.evidence(),
  'agreement.get': (client) => client.agreement({ purpose: 'farm.record' }),
  'policy.get': (client) => client.policy.get(),
  'policy.put': (client) => client.policy.put(BODY, SEEN),
  'vendors.list': (client) => client.vendors.list(),
  'vendors.get': (client) => client.vendors.get(MODEL.vendor, MODEL.model, MODEL.region),
  'vendors.put': (client) => client.vendors.put(MODEL, BODY, SEEN),
  'prices.list': (client) => client.prices.list(),
  'prices.get': (client) => client.prices.get(MODEL.vendor, MODEL.model, MODEL.region),
  'prices.put': (client) => client.prices.put(MODEL, BODY, SEEN),
  'tenants.list': (client) => client.tenants.list(),
  'tenants.create': (client) => client.tenants.create(BODY),
  'members.list': (client) => client.members.list(),
  'members.create': (client) => client.members.create(BODY),
  'members.change': (client) => client.members.change(ID, BODY),
  'keys.list': (client) => client.keys.list(),
  'keys.create': (client) => client.keys.create(BODY),
  'keys.revoke': (client) => client.keys.revoke('a'.repeat(16)),
  'subjects.list': (client) => client.subjects.list(),
  'subjects.put': (client) => client.subjects.put('provider-1', { user_id: ID }),
  'documents.create': (client) => client.documents.create(BODY),
  'documents.list': (client) => client.documents.list(),
  'documents.get': (client) => client.documents.get(ID),
  'documents.passages': (client) => client.documents.passages(ID),
  'documents.delete': (client) => client.documents.delete(ID),
  'passages.get': (client) => client.passages.get(ID),
  'purposes.list': (client) => client.purposes.list(),
  'purposes.get': (client) => client.purposes.get('farm.record'),
  'notifications.get': (client) => client.notifications.get(),
  'notifications.put': (client) => client.notifications.put({ mail: 'digest' }),
  'webhooks.types': (client) => client.webhooks.types(),
  'webhooks.list': (client) => client.webhooks.list(),
  'webhooks.create': (client) => client.webhooks.create(BODY),
  'webhooks.get': (client) => client.webhooks.get(ID),
  'webhooks.change': (client) => client.webhooks.change(ID, {}),
  'webhooks.delete': (client) => client.webhooks.delete(ID),
  'webhooks.rotate': (client) => client.webhooks.rotate(ID),
  'webhooks.ping': (client) => client.webhooks.ping(ID),
  'webhooks.deliveries': (client) => client.webhooks.deliveries(ID),
  'webhooks.replay': (client) => client.webhooks.replay(ID, { delivery_id: ID }),
  'pages.list': (client) => client.pages.list(),
  'pages.acknowledge': (client) => client.pages.acknowledge(ID),
  'events.stream': (client) => client.events.stream({ signal: AbortSignal.timeout(500) }).next(),
  'audit.head': (client) => client.audit.head(),
  'audit.recent': (client) => client.audit.recent(),
  healthz: (client) => client.health(),
  readyz: (client) => client.ready(),
  metrics: (client) => client.metrics(),
  openapi: (client) => client.openapi(),
  docs: (client) => client.docs(),
};

interface Asked {
  readonly address: string;
  readonly idempotencyKey: string | undefined;
  readonly ifMatch: string | undefined;
}

let server: Server;
let client: Client;
const asked: Asked[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const key = request.headers['idempotency-key'];
    asked.push({
      address: `${request.method ?? ''} ${pathname}`,
      idempotencyKey: typeof key === 'string' ? key : undefined,
      ifMatch: request.headers['if-match'],
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = createClient({ baseUrl: `http://127.0.0.1:${port}`, key: 'cs_test' });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

it.each(Object.keys(ENDPOINTS) as RouteName[])(
  'reaches %s, with the headers that it asks for',
  async (name) => {
    asked.length = 0;
    await METHODS[name](client);
    const [first] = asked;
    expect(first?.address).toBe(expectedAddress(name));
    const endpoint: Endpoint = ENDPOINTS[name];
    expect(first?.idempotencyKey === undefined).toBe(endpoint.idempotencyKey !== true);
    expect(first?.ifMatch).toBe(endpoint.ifMatch === true ? '"1"' : undefined);
  },
);
