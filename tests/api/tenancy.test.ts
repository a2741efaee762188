import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS, type RouteName } from '../../contract/wire/endpoints';
import { ROUTES } from '../../contract/wire/routes';
import { ROLES } from '../../contract/states';
import { governedRuns } from '../support/governed';
import { ID } from '../support/addresses';
import { remember } from '../support/knowledge';
import { addMember, type Person } from '../support/world';
import { addWebhook } from '../support/webhooks';
import { pathOf, testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

/** What one tenant has, by the path parameter that names it, and every other id of it. */
interface Belongings {
  readonly insider: Person;
  /** Everything but a role of the platform. */
  readonly outsider: Person;
  readonly ids: Readonly<
    Record<
      | 'run'
      | 'gate'
      | 'intent'
      | 'decision'
      | 'call'
      | 'content'
      | 'record'
      | 'page'
      | 'document'
      | 'passage'
      | 'webhook'
      | 'delegation'
      | 'replay',
      string
    >
  >;
  readonly all: readonly string[];
}

const PACKET = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'examples', 'packets', 'complete.json'), 'utf8'),
) as Record<string, unknown>;
const ALL_ROLES = ROLES.filter((role) => role !== 'platform_admin');
const belongings: Partial<Record<'farm' | 'hospital', Belongings>> = {};

/** Which thing an `{id}` of a route names. */
const NAMED: Readonly<Partial<Record<RouteName, keyof Belongings['ids'] | 'member' | 'key'>>> = {
  'runs.get': 'run',
  'runs.calls': 'run',
  'runs.withdraw': 'run',
  'runs.resend': 'run',
  'runs.by_hand': 'run',
  'runs.feedback': 'run',
  'runs.replay': 'run',
  'runs.replays': 'run',
  'replays.get': 'replay',
  'calls.get': 'call',
  'gates.get': 'gate',
  'gates.claim': 'gate',
  'gates.renew': 'gate',
  'gates.steal': 'gate',
  'gates.reassign': 'gate',
  'gates.ask': 'gate',
  'gates.answer': 'gate',
  'gates.release': 'gate',
  'gates.decide': 'gate',
  'gates.comment': 'gate',
  'gates.recuse': 'gate',
  'gates.view': 'gate',
  'delegations.revoke': 'delegation',
  'reviews.record': 'decision',
  'intents.get': 'intent',
  'decisions.get': 'decision',
  'records.correct': 'record',
  'records.undo': 'record',
  'contents.read': 'content',
  'pages.acknowledge': 'page',
  'documents.get': 'document',
  'documents.passages': 'document',
  'documents.delete': 'document',
  'passages.get': 'passage',
  'webhooks.get': 'webhook',
  'webhooks.change': 'webhook',
  'webhooks.delete': 'webhook',
  'webhooks.rotate': 'webhook',
  'webhooks.ping': 'webhook',
  'webhooks.deliveries': 'webhook',
  'webhooks.replay': 'webhook',
  'members.change': 'member',
  'keys.revoke': 'key',
  // The tenant's own name of a person, so another tenant's is nothing: nobody was said to be it.
  'subjects.put': 'member',
};

/** Bodies that pass, so that nothing but the id is wrong. */
const BODIES: Readonly<Partial<Record<RouteName, object>>> = {
  'runs.by_hand': { record_type: 'sale' },
  'runs.feedback': { thumb: 'up' },
  'gates.claim': {},
  'gates.renew': {},
  'gates.steal': { from: ID, reason: 'Away.' },
  'gates.reassign': { to: ID, reason: 'Away.' },
  'gates.ask': { text: 'Which buyer?' },
  'gates.answer': { question_id: ID, text: 'Her sister.' },
  'gates.decide': {
    verdict: 'reject',
    rationale: 'No.',
    gate_version: 1,
    proposal_hash: 'a'.repeat(64),
    shown_hash: 'b'.repeat(64),
  },
  'records.correct': { payload: {}, reason: 'A slip.' },
  'records.undo': { reason: 'A slip.' },
  'gates.comment': { text: 'Who is this?' },
  'reviews.record': { verdict: 'disagree', reason: 'Not ours.' },
  'gates.view': { opinion: 'reject', note: 'Not seen before.' },
  'webhooks.change': { state: 'disabled' },
  'webhooks.rotate': {},
  'webhooks.replay': { delivery_id: ID },
  'members.change': { active: false },
  'subjects.put': { user_id: null },
};

/** Shared by all tenants by nature. */
const SHARED: readonly RouteName[] = [
  'vendors.get',
  'vendors.put',
  'prices.get',
  'prices.put',
  'purposes.get',
];

beforeAll(async () => {
  const { farm, hospital } = governed.world;
  belongings.farm = await collect(
    farm.owner,
    await addMember(governed.database, farm.id, ALL_ROLES),
    'farm.record',
    {
      note: 'Sold 30 crates of eggs for ₦45,000',
      occurred_at: '2026-11-24T08:00:00Z',
    },
  );
  const insider = await addMember(governed.database, hospital.id, ALL_ROLES);
  belongings.hospital = await collect(
    hospital.members[0],
    insider,
    'credentialing.privileging',
    PACKET,
    hospital.staff,
  );
}, 120_000);

/** A record of the tenant, as if what was decided had been approved. */
async function writtenRecord(tenantId: string): Promise<string> {
  return await governed.database.asOwner(tenantId, (transaction) =>
    transaction.value<string>(
      `insert into core.records (tenant_id, decision_id, gate_id, run_id, proposal_id, record_type, content_id, content_hash, written_at)
       select d.tenant_id, d.id, d.gate_id, d.run_id, p.id, p.record_type, p.payload_content_id, p.hash, app.now()
       from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
       where d.tenant_id = app.tenant() and d.actor_kind = 'human' limit 1 returning id`,
      [],
    ),
  );
}

async function lend(from: Person, to: Person): Promise<string> {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const asked = { delegate_user_id: to.userId, until, reason: 'Away.' };
  return (await api.ask(from, 'delegations.create', { body: asked })).body.id;
}

async function askedAgain(admin: Person, runId: string): Promise<string> {
  const headers = { 'idempotency-key': randomUUID() };
  return (await api.ask(admin, 'runs.replay', { params: { id: runId }, headers })).body.id;
}

async function collect(
  reviewer: Person,
  outsider: Person,
  purpose: string,
  input: Record<string, unknown>,
  requester: Person = reviewer,
): Promise<Belongings> {
  const { tenantId } = reviewer;
  const { body: run } = await api.ask(requester, 'runs.create', {
    body: { purpose, input },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  const { body: gates } = await api.ask(reviewer, 'gates.list', { query: { run_id: run.id } });
  const [gate] = gates.items;
  if (gate === undefined) throw new Error(`${purpose} gave no gate`);
  const { body: shown } = await api.ask(reviewer, 'gates.get', { params: { id: gate.id } });
  const decided = await api.raw(`/v1/gates/${gate.id}/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${reviewer.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      verdict: 'reject',
      rationale: 'Not this one.',
      gate_version: gate.version,
      proposal_hash: gate.proposal_hash,
      shown_hash: shown.shown_hash,
    }),
  });
  expect(decided.status).toBe(200);
  await governed.database.asOwner(tenantId, (transaction) =>
    transaction.value("select core.page('a test', 'internal', $1)::text", [run.id]),
  );
  const { documentId, passageId } = await remember(governed.database, tenantId, 'The well is deep.');
  const one = async (text: string): Promise<string> =>
    await governed.database.as('api', tenantId, (transaction) => transaction.value<string>(text, []));
  const ids = {
    run: run.id,
    gate: gate.id,
    intent: await one('select id from app.intents limit 1'),
    decision: await one("select id from app.decisions where actor_kind = 'human' limit 1"),
    call: await one('select id from app.calls limit 1'),
    content: run.input_content_id,
    record: await writtenRecord(tenantId),
    page: await one('select id from app.pages limit 1'),
    document: documentId,
    passage: passageId,
    delegation: await lend(outsider, reviewer),
    replay: await askedAgain(outsider, run.id),
    webhook: (await addWebhook(governed.database, outsider, 'https://sink.example.com/', ['run.closed'])).id,
  };
  const members = await governed.database.as('api', tenantId, (transaction) =>
    transaction.rows<{ id: string }>(
      'select user_id::text as id from app.members union all select id from app.keys',
    ),
  );
  return {
    insider: reviewer,
    outsider,
    ids,
    all: [...Object.values(ids), ...members.map(({ id }) => id), tenantId],
  };
}

function ofTenant(name: 'farm' | 'hospital'): Belongings {
  const found = belongings[name];
  if (found === undefined) throw new Error(`nothing was collected of the ${name}`);
  return found;
}

const WITH_ID = ROUTES.filter(({ path, name }) => path.includes('{') && !SHARED.includes(name)).map(
  ({ name }) => name,
);
const LISTS = ROUTES.filter(
  ({ method, path, roles, name }) =>
    method === 'GET' && !path.includes('{') && roles !== 'public' && name !== 'events.stream',
).map(({ name }) => name);
const BOTH_WAYS = [
  ['farm', 'hospital'],
  ['hospital', 'farm'],
] as const;

it('knows what the id of every address names', () => {
  expect(WITH_ID.filter((name) => NAMED[name] === undefined)).toEqual([]);
});

describe.each(BOTH_WAYS)('someone of the %s who holds every role asks for what the %s has', (mine, other) => {
  const send = async (name: RouteName, id: string): Promise<{ status: number; body: unknown }> => {
    const body = BODIES[name];
    const response = await api.raw(
      pathOf(name, { params: { id, user_id: id, key_id: id, subject_id: id } }),
      {
        method: ENDPOINTS[name].method,
        headers: {
          authorization: `Bearer ${ofTenant(mine).outsider.token}`,
          'idempotency-key': randomUUID(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    return { status: response.status, body: await response.json() };
  };

  it.each(WITH_ID)('%s answers as if it were not there', async (name) => {
    const { ids, insider } = ofTenant(other);
    const named = NAMED[name];
    const id = named === 'member' ? insider.userId : named === 'key' ? insider.keyId : ids[named ?? 'run'];
    const theirs = await send(name, id);
    const nobodys = await send(name, named === 'key' ? 'z'.repeat(16) : randomUUID());
    expect(theirs.status).toBe(404);
    expect(theirs).toEqual(nobodys);
  });

  it.each(LISTS)('%s tells nothing of it', async (name) => {
    const { body } = await api.ask(ofTenant(mine).outsider, name);
    const text = JSON.stringify(body);
    for (const id of ofTenant(other).all) expect(text).not.toContain(id);
  });

  it('lists by another tenant’s run or person are empty', async () => {
    const { ids, insider } = ofTenant(other);
    const { outsider } = ofTenant(mine);
    for (const name of ['gates.list', 'records.list', 'decisions.list', 'credits.ledger'] as const) {
      expect((await api.ask(outsider, name, { query: { run_id: ids.run } })).body.items).toEqual([]);
    }
    expect(
      (await api.ask(outsider, 'decisions.list', { query: { actor: insider.userId } })).body.items,
    ).toEqual([]);
    expect((await api.ask(outsider, 'audit.recent', { query: { run_id: ids.run } })).body.events).toEqual([]);
  });
});

it('uses a key of one tenant for that tenant alone, whatever another one has used', async () => {
  const key = randomUUID();
  const note = { purpose: 'farm.record', input: { note: 'All quiet', occurred_at: '2026-11-24T08:00:00Z' } };
  const mine = await api.ask(ofTenant('farm').insider, 'runs.create', {
    body: note,
    headers: { 'idempotency-key': key },
  });
  const other = { ...note, input: { ...note.input, note: 'All very quiet' } };
  const theirs = await api.ask(ofTenant('hospital').outsider, 'runs.create', {
    body: other,
    headers: { 'idempotency-key': key },
  });
  expect(theirs.status).toBe(202);
  expect(theirs.body.id).not.toBe(mine.body.id);
});
