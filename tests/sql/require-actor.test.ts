import { randomUUID } from 'node:crypto';
import { ENDPOINTS, type RouteName } from '../../contract/wire/endpoints';
import { mintKey } from '../../contract/api-key';
import { ROLES, type Role } from '../../contract/states';
import { testDatabase } from '../support/database';
import { proofOf } from '../support/proofs';
import { addMember, type Person } from '../support/world';
import { hashOf, sqlRuns, type Answer } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
const REFUSED = 'ZC012';

interface Act {
  readonly route: RouteName;
  readonly at: 'platform' | 'tenant';
  /** In whose tenant the person must be a member; the one that is entered, by default. */
  readonly home?: 'platform';
  readonly text: string;
  readonly parameters: (by: string) => readonly unknown[];
}

const POLICY = JSON.stringify({ auto_categories: [], record_autonomy: {}, autonomy_tier: 'draft' });
const MODEL = ['v', 'm', 'r'];

/** Every function of the API that acts in somebody's name, called so that nothing changes, and the route it serves. */
const ACTS: Readonly<Record<string, Act>> = {
  create_tenant: act('tenants.create', 'platform', [
    randomUUID(),
    'farm',
    'F',
    'EUR',
    'metric',
    'No/Zone',
    [],
  ]),
  open_tenant: { ...act('tenants.create', 'tenant', [1n]), home: 'platform' },
  grant_credits: { ...act('credits.grant', 'tenant', [0n, 'k']), home: 'platform' },
  set_vendor: act('vendors.put', 'platform', [...MODEL, '{}', 99]),
  set_price: act('prices.put', 'platform', [...MODEL, '{"valid_from": "2020-01-01T00:00:00Z"}']),
  set_policy: act('policy.put', 'tenant', [POLICY, 99]),
  set_member: act('members.change', 'tenant', [randomUUID(), 'N', 'person', ['platform_admin'], true]),
  create_key: act('keys.create', 'tenant', [
    '0000000000000000',
    randomUUID(),
    'l',
    hashOf('x'),
    'oidc',
    null,
  ]),
  revoke_key: act('keys.revoke', 'tenant', ['0000000000000000']),
  set_subject_member: act('subjects.put', 'tenant', ['nobody', null]),
  acknowledge_page: act('pages.acknowledge', 'tenant', [randomUUID()]),
  read_content: act('contents.read', 'tenant', [randomUUID()]),
  add_document: act('documents.create', 'tenant', ['k', 'no/type', 'T', Buffer.from('x')]),
  delete_document: act('documents.delete', 'tenant', [randomUUID()]),
  note_reidentified: act('runs.get', 'tenant', [[]]),
  review_act: act('reviews.record', 'tenant', [randomUUID(), 'agree', 'correct', null]),
  recuse: act('gates.recuse', 'tenant', [randomUUID()]),
  comment_on_gate: act('gates.comment', 'tenant', [randomUUID(), 'text']),
  give_feedback: act('runs.feedback', 'tenant', [randomUUID(), 'up', null]),
  withdraw_run: act('runs.withdraw', 'tenant', [randomUUID()]),
  record_view: act('gates.view', 'tenant', [randomUUID(), 'approve', null, 'note']),
  answer_question: act('gates.answer', 'tenant', [randomUUID(), randomUUID(), 'text']),
  reassign_gate: act('gates.reassign', 'tenant', [randomUUID(), randomUUID(), 'reason', '1 minute']),
  store_intents: act('decisions.create', 'tenant', [
    'k',
    '{}',
    '[]',
    'approve',
    'correct',
    null,
    '0000000000000000',
    new Date(0),
  ]),
  create_delegation: act('delegations.create', 'tenant', [
    randomUUID(),
    randomUUID(),
    ['reviewer'],
    new Date(0),
    new Date(1),
    'reason',
  ]),
  revoke_delegation: act('delegations.revoke', 'tenant', [randomUUID()]),
  accept_replay: act('runs.replay', 'tenant', [randomUUID(), null, 'k']),
  add_webhook: act('webhooks.create', 'tenant', [randomUUID(), null, [], 'k', Buffer.from('x')]),
  change_webhook: act('webhooks.change', 'tenant', [randomUUID(), null, null]),
  rotate_webhook_secret: act('webhooks.rotate', 'tenant', [randomUUID(), 2, 'k', Buffer.from('x'), '1 day']),
  ping_webhook: act('webhooks.ping', 'tenant', [randomUUID()]),
  replay_deliveries: act('webhooks.replay', 'tenant', [randomUUID(), null, null, null]),
  set_mail_preference: act('notifications.put', 'tenant', ['each']),
  accept_compensation: act('runs.create', 'tenant', ['k', '{}', randomUUID(), 'undo', null, 'r']),
  reauthenticate: act('gates.decide', 'tenant', [
    randomUUID(),
    hashOf('secret'),
    1,
    hashOf('p'),
    hashOf('v'),
    'approve',
    ...Array.from({ length: 7 }, () => null),
    '0000000000000000',
  ]),
  accept_run: {
    ...act('runs.create', 'tenant', ['r', 'k', '{}', 'no.purpose', '{}']),
    text: 'select app.accept_run($1, $2, $3, $4, $5, $6, null)',
  },
};

function act(route: RouteName, at: Act['at'], before: readonly unknown[]): Act {
  return { route, at, text: '', parameters: (by) => [...before, by] };
}

const entered = ({ at }: Act): string => (at === 'platform' ? '__platform__' : runs.world.farm.id);

/** Acts as the API's role would that holds this key, naming this person. */
async function attempt(
  name: string,
  named: string,
  key: Person | null,
  tenantId = entered(ACTS[name] as Act),
): Promise<string | undefined> {
  const { parameters, text } = ACTS[name] as Act;
  const values = parameters(named);
  const call = text || `select app.${name}(${values.map((_, place) => `$${place + 1}`).join(', ')})`;
  return await stateOf(
    database.as(
      'api',
      tenantId,
      (transaction) => transaction.value<Answer>(call, values),
      key === null ? null : proofOf(key.token),
    ),
  );
}

const homeOf = ({ at, home }: Act): string =>
  at === 'platform' || home === 'platform' ? '__platform__' : runs.world.farm.id;

const allowed = (name: string): readonly Role[] => {
  const { roles } = ENDPOINTS[(ACTS[name] as Act).route];
  return roles === 'public' ? [] : roles;
};

describe.each(Object.keys(ACTS))('%s', (name) => {
  const acting = ACTS[name] as Act;

  it.each(ROLES)('asks whether %s may, as its address does', async (role) => {
    // A role of the platform is had there alone, and acts there unless it acts in the tenant.
    const isPlatforms = role === 'platform_admin';
    const person = await addMember(database, isPlatforms ? '__platform__' : homeOf(acting), [role]);
    const tenantId = isPlatforms && acting.home === undefined ? '__platform__' : entered(acting);
    const refused = (await attempt(name, person.userId, person, tenantId)) === REFUSED;
    expect(refused).toBe(!allowed(name).includes(role));
  });

  it('refuses who is not the key’s, has no key, an ended one, left, or is of another tenant', async () => {
    const isPlatforms = homeOf(acting) === '__platform__';
    const roles = allowed(name).filter((role) => (role === 'platform_admin') === isPlatforms);
    const person = await addMember(database, homeOf(acting), roles);
    const peer = await addMember(database, homeOf(acting), roles);
    const stranger = await addMember(database, runs.world.hospital.id, ['admin', 'auditor', 'requester']);
    expect(await attempt(name, person.userId, person)).not.toBe(REFUSED);
    expect(await attempt(name, person.userId, null)).toBe(REFUSED);
    expect(await attempt(name, person.userId, peer)).toBe(REFUSED);
    expect(await attempt(name, stranger.userId, stranger)).toBe(REFUSED);
    const forged = { ...person, token: `cs_${person.keyId}_${mintKey().token.slice(-43)}` };
    expect(await attempt(name, person.userId, forged)).toBe(REFUSED);
    await runs.call('api', homeOf(acting), 'revoke_key', person.keyId, null);
    expect(await attempt(name, person.userId, person)).toBe(REFUSED);
    await runs.call('api', homeOf(acting), 'set_member', peer.userId, 'P', 'person', roles, false, null);
    expect(await attempt(name, peer.userId, peer)).toBe(REFUSED);
  });
});

it.each(Object.keys(ACTS))('lets the API’s role call %s in nobody’s name never', async (name) => {
  const acting = ACTS[name] as Act;
  const { parameters, text } = acting;
  const values = parameters('').slice(0, -1);
  const call =
    text.replace('$6', 'null') ||
    `select app.${name}(${[...values.map((_, place) => `$${place + 1}`), 'null'].join(', ')})`;
  expect(
    await stateOf(
      database.as('api', entered(acting), (transaction) => transaction.value(call, values), null),
    ),
  ).toBe(REFUSED);
});

it('covers every function of the API whose last word is a person', async () => {
  const rows = await database.look<{ name: string }>(
    `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'app' and has_function_privilege('countersign_api', p.oid, 'execute')
       and exists (select from unnest(p.proargnames) as a (name) where a.name in ('p_actor_user_id', 'p_platform_user_id', 'p_requested_by'))
     order by 1`,
  );
  // Seats ask for a key in their own words: what is done with a claim takes any member, deciding answers person_required.
  const seats = ['ask_requester', 'claim_gate', 'release_gate', 'renew_claim', 'steal_claim', 'store_intent'];
  expect(rows.map(({ name }) => name)).toEqual([...Object.keys(ACTS), ...seats].sort());
});

it('takes no credits from a service, and lets no API become the system by its settings', async () => {
  const { farm } = runs.world;
  const robot = await addMember(database, '__platform__', ['platform_admin'], 'service');
  const grant = () => runs.call('api', farm.id, 'grant_credits', 5n, randomUUID(), robot.userId);
  expect(await grant()).toEqual({ outcome: 'refused', code: 'person_required' });
  const become = database.as('api', farm.id, async (transaction) => {
    await transaction.rows("select set_config('role', 'countersign_worker', true)");
  });
  if (database.isNative) expect(await stateOf(become)).toBe('42501');
  else await become;
});
