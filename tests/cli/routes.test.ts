import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ENDPOINTS, type RouteName } from '../../contract/wire/endpoints';
import { expectedAddress, ID } from '../support/addresses';
import { runCli } from './support/run-cli';

const MODEL = ['local', 'farm-notes-1', 'here'];
const PAYLOAD = join(__dirname, '..', '..', 'package.json');
/** Documents and probes are for browsers and monitors. */
const NOT_FOR_PEOPLE = new Set<RouteName>(['healthz', 'metrics', 'openapi', 'docs', 'readyz']);

const COMMANDS: Readonly<Partial<Record<RouteName, readonly string[]>>> = {
  'me.get': ['whoami'],
  'runs.create': ['run', 'farm.record', '--set', 'note=x'],
  'runs.list': ['runs'],
  'runs.get': ['runs', ID],
  'runs.calls': ['runs', ID],
  'runs.withdraw': ['withdraw', ID],
  'runs.resend': ['resend', ID],
  'runs.by_hand': ['by-hand', ID, '--record-type', 'task'],
  'runs.feedback': ['feedback', ID, 'up'],
  'runs.replay': ['replay', ID],
  'runs.replays': ['replays', ID],
  'replays.get': ['replay', ID],
  'calls.get': ['call', ID],
  'gates.list': ['gates', '--decidable'],
  'gates.get': ['gates', ID],
  'gates.claim': ['claim', ID],
  'gates.renew': ['heartbeat', ID],
  'gates.steal': ['steal', ID, '--from', ID, '--reason', 'away'],
  'gates.reassign': ['reassign', ID, ID, '--reason', 'away'],
  'gates.ask': ['ask', ID, 'Which buyer?'],
  'gates.answer': ['answer', ID, ID, 'Her sister.'],
  'gates.release': ['release', ID],
  'gates.decide': ['approve', ID, '--reason-code', 'correct'],
  'reauthentications.create': ['approve', ID, '--reason-code', 'correct', '--prove', __filename],
  'gates.comment': ['comment', ID, 'seen'],
  'gates.recuse': ['recuse', ID],
  'gates.view': ['view', ID, 'approve', '--note', 'seen'],
  'delegations.list': ['delegation', 'list'],
  'delegations.create': ['delegation', 'create', ID, '--until', '2030-01-01T00:00:00Z', '--reason', 'away'],
  'delegations.revoke': ['delegation', 'revoke', ID],
  'intents.get': ['intent', ID],
  'decisions.list': ['decisions'],
  'decisions.create': ['decide', 'approve', ID, '--reason-code', 'correct'],
  'decisions.get': ['decisions', ID],
  'reviewers.list': ['reviewers', '--from', '30d'],
  'reviews.list': ['reviews'],
  'reviews.record': ['review', ID, 'agree', '--reason-code', 'correct'],
  'records.list': ['records'],
  'records.correct': ['correct', ID, '--payload', PAYLOAD, '--reason', 'a slip'],
  'records.undo': ['undo', ID, '--reason', 'a slip'],
  'contents.read': ['content', ID],
  'credits.get': ['credits'],
  'credits.ledger': ['ledger'],
  'credits.grant': ['credits', 'grant', 'a-farm', '5'],
  'evidence.get': ['evidence'],
  'agreement.get': ['agreement', '--from', '30d'],
  'policy.get': ['policy'],
  'policy.put': ['policy', 'set', '--reason', 'a test'],
  'vendors.list': ['vendors'],
  'vendors.get': ['vendors', 'show', ...MODEL],
  'vendors.put': ['vendors', 'set', ...MODEL, '--listed', 'yes'],
  'prices.list': ['prices'],
  'prices.get': ['prices', 'show', ...MODEL],
  'prices.put': ['prices', 'set', ...MODEL, '--input', '1'],
  'tenants.list': ['tenant', 'list'],
  'tenants.create': [
    ...['tenant', 'create', 'a-farm', '--kind', 'farm', '--name', 'A', '--admin', 'B'],
    ...['--currency', 'NGN', '--time-zone', 'Africa/Lagos'],
  ],
  'members.list': ['member', 'list'],
  'members.create': ['member', 'add', 'A', '--roles', 'reviewer'],
  'members.change': ['member', 'change', ID, '--deactivate'],
  'keys.list': ['key', 'list'],
  'keys.create': ['key', 'create', ID, '--label', 'a'],
  'keys.revoke': ['key', 'revoke', 'a'.repeat(16)],
  'subjects.list': ['subjects'],
  'subjects.put': ['subject', 'provider-1', ID],
  'documents.create': ['document', 'add', __filename],
  'documents.list': ['document', 'list'],
  'documents.get': ['document', 'show', ID],
  'documents.passages': ['document', 'show', ID],
  'documents.delete': ['document', 'delete', ID],
  'passages.get': ['passage', ID],
  'purposes.list': ['purposes'],
  'purposes.get': ['purposes', 'farm.record'],
  'notifications.get': ['notifications'],
  'notifications.put': ['notifications', 'digest'],
  'webhooks.types': ['webhooks', 'types'],
  'webhooks.list': ['webhooks', 'list'],
  'webhooks.create': ['webhooks', 'add', 'https://example.com/hook', '--type', 'run.closed'],
  'webhooks.get': ['webhooks', 'show', ID],
  'webhooks.change': ['webhooks', 'change', ID, '--type', 'run.closed'],
  'webhooks.delete': ['webhooks', 'delete', ID],
  'webhooks.rotate': ['webhooks', 'rotate', ID],
  'webhooks.ping': ['webhooks', 'ping', ID],
  'webhooks.deliveries': ['webhooks', 'deliveries', ID],
  'webhooks.replay': ['webhooks', 'replay', ID, '--since', '2d'],
  'pages.list': ['pages'],
  'pages.acknowledge': ['pages', 'acknowledge', ID],
  'audit.head': ['audit', 'head'],
  'audit.recent': ['audit', 'events'],
  'events.stream': ['audit', 'follow', '--since', '0'],
};

const asked: string[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${request.method ?? ''} ${pathname}`);
    // A stream would be opened again for ever, so this one is refused.
    const isStream = pathname === '/v1/events';
    response.writeHead(isStream ? 403 : 200, { 'content-type': 'application/json' });
    const list = { items: [], next_cursor: null, events: [], checks: [], prices: [] };
    response.end(
      JSON.stringify({ ...list, id: ID, version: 1, input_schema: {}, shown_hash: '0'.repeat(64) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const forPeople = (Object.keys(ENDPOINTS) as RouteName[]).filter((name) => !NOT_FOR_PEOPLE.has(name));

it.each(forPeople)('reaches %s by a command', async (name) => {
  asked.length = 0;
  const command = COMMANDS[name];
  expect(command).toBeDefined();
  await runCli(['--json', ...(command ?? [])], { COUNTERSIGN_URL: url, COUNTERSIGN_KEY: 'cs_test' });
  expect(asked).toContain(expectedAddress(name));
});
