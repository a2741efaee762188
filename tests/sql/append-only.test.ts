import { testDatabase } from '../support/database';
import { everything } from './support/everything';
import { sqlRuns, type Farm } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;

beforeAll(async () => {
  farm = await everything(database, runs);
}, 120_000);

/** Rows that never change. */
const APPEND_ONLY = [
  'act_reviews',
  'act_samples',
  'agreement_days',
  'ai_evals',
  'ai_feedback',
  'ai_policy_controls',
  'ai_prices',
  'ai_vendor_baa_matrix',
  'audit_log',
  'bulk_verdicts',
  'contents',
  'credit_ledger',
  'decisions',
  'gate_answers',
  'gate_claims',
  'gate_comments',
  'gate_handovers',
  'gate_outcomes',
  'gate_questions',
  'gate_record_types',
  'gate_recusals',
  'gate_versions',
  'gate_views',
  'grant_keys',
  'intent_outcomes',
  'intents',
  'known_values',
  'mail_notices',
  'printed_names',
  'privileging_recommendation_log',
  'purpose_record_types',
  'purposes',
  'reauthentications',
  'records',
  'reidentifications',
  'run_calls',
  'run_keys',
  'run_passages',
  'scrub_tokens',
  'source_receipts',
  'subject_members',
];
/** Rows that move through states, and are kept. */
const KEPT = [
  'accounts',
  'ai_recommendations',
  'ai_run_attempts',
  'ai_runs',
  'api_keys',
  'assistant_drafts',
  'chain_heads',
  'data_keys',
  'delegations',
  'document_contents',
  'documents',
  'embeddings',
  'gate_instants',
  'gates',
  'mail_attempts',
  'mail_preferences',
  'mails',
  'members',
  'memories',
  'outbox',
  'pages',
  'passages',
  'proposals',
  'replays',
  'runs',
  'sealing_keys',
  'webhook_attempts',
  'webhook_deliveries',
  'webhook_endpoints',
  'webhook_secrets',
  'worker_trust_records',
];

/** Where the rows are that a statement of the owner reaches. */
function tenantOf(table: string): string {
  return ['ai_prices', 'ai_vendor_baa_matrix', 'purposes', 'purpose_record_types'].includes(table)
    ? '__platform__'
    : farm.id;
}

describe.each(APPEND_ONLY)('%s', (table) => {
  it.each(['update', 'delete', 'truncate'] as const)('refuses %s to its own owner', async (act) => {
    expect(await stateOf(asOwner(table, act))).toBe('ZC002');
  });

  it('refuses it to a superuser who replays a replica’s rows', async () => {
    const replayed = `set local session_replication_role = replica; delete from core.${table}`;
    expect(await stateOf(database.look(`begin; ${replayed}; commit`))).toBe('ZC002');
    await database.look('rollback');
  });
});

describe.each(KEPT)('%s', (table) => {
  it.each(['delete', 'truncate'] as const)('refuses %s to its own owner', async (act) => {
    expect(await stateOf(asOwner(table, act))).toBe('ZC002');
  });
});

/** What must not change under whoever is bound to it, by table: a statement that tries. */
const FROZEN: readonly (readonly [string, string])[] = [
  ['runs', 'purpose_version = 2'],
  ['runs', 'requested_by = app.new_id()'],
  ['runs', "outcome = 'approved' where state = 'closed'"],
  ['runs', "step = 'scrub' where state = 'closed'"],
  ['runs', 'reserved_credits = 0 where reserved_credits > 0'],
  ['runs', 'actual_credits = 9 where settled_at is not null'],
  ['runs', 'prompt_content_id = input_content_id where prompt_content_id is not null'],
  ['proposals', "hash = '\\x00'"],
  ['proposals', 'shown = not shown'],
  ['proposals', "outcome = 'approved' where outcome = 'withdrawn'"],
  ['proposals', "record_type = 'task'"],
  ['gates', "proposal_hash = '\\x00'"],
  ['gates', "due_at = due_at + interval '1 day'"],
  ['gates', 'seats = seats + 1'],
  ['gates', "roles = array['requester']"],
  ['gates', "separation = 'second_person'"],
  ['gates', 'closed_at = null where closed_at is not null'],
  ['gates', 'version = version - 1'],
  ['ai_runs', "cost_nano_usd = 0 where status = 'succeeded'"],
  ['ai_runs', "status = 'failed' where status = 'succeeded'"],
  ['documents', 'size_bytes = size_bytes + 1'],
  ['documents', "commitment = sha256('x')"],
  ['ai_run_attempts', "cost_nano_usd = 0 where state = 'answered'"],
  ['ai_run_attempts', 'held_nano_usd = 0'],
  ['data_keys', "wrapped_key = sha256('another')"],
  ['data_keys', "version = version + 2, wrapped_key = sha256('another')"],
  ['data_keys', "version = version + 1, wrapped_key = sha256('another'), run_id = app.new_id()"],
  ['data_keys', 'version = version + 1'],
  ['gate_instants', "at = at + interval '1 day'"],
  ['delegations', "until_at = until_at + interval '1 day'"],
  ['delegations', 'delegate_user_id = created_by'],
  ['replays', 'requested_by = app.new_id()'],
  ['replays', "agreement = 'canonical' where agreement = 'exact'"],
  ['api_keys', "secret_sha256 = sha256('x')"],
  ['api_keys', 'user_id = app.new_id()'],
  ['members', "kind = 'service'"],
  ['worker_trust_records', "subject_id = 'somebody else'"],
  ['assistant_drafts', "record_type = 'task'"],
  ['webhook_endpoints', "url = 'https://elsewhere.example.com/'"],
  ['webhook_secrets', "sealed_secret = 'another'"],
  ['webhook_deliveries', "body = '{}'"],
  ['webhook_deliveries', 'outbox_id = app.new_id()'],
  ['mails', 'user_id = app.new_id()'],
  ['mail_attempts', "code = 'internal' where state = 'lost'"],
  ['webhook_attempts', "status = 200 where state = 'failed'"],
];

it.each(FROZEN)('%s: set %s is refused', async (table, change) => {
  const changed = database.asOwner(farm.id, (transaction) =>
    transaction.rows(`update core.${table} set ${change}`),
  );
  expect(await stateOf(changed)).toBe('ZC008');
});

it('a draft is not confirmed without its decision', async () => {
  const confirmed = database.asOwner(farm.id, (transaction) =>
    transaction.rows("update core.assistant_drafts set status = 'confirmed' where status <> 'confirmed'"),
  );
  expect(await stateOf(confirmed)).toBe('ZC006');
});

it.each(['balance_credits = balance_credits + 1', 'ledger_seq = ledger_seq + 1'])(
  'an account’s %s without a leg is refused',
  async (change) => {
    const moved = database.asOwner(farm.id, (transaction) =>
      transaction.rows(`update core.accounts set ${change}`),
    );
    expect(await stateOf(moved)).toBe('ZC011');
  },
);

it.each([
  ['another balance', 1, 7, 0],
  ['a gap', 2, 0, 0],
])('a leg with %s is refused', async (_what, further, amount, moved) => {
  const written = database.asOwner(farm.id, async (transaction) => {
    await transaction.rows(
      'update core.accounts set balance_credits = balance_credits + $1, ledger_seq = ledger_seq + $2',
      [moved, further],
    );
    await transaction.rows(
      `insert into core.credit_ledger (tenant_id, seq, kind, amount_credits, balance_after, actor_user_id, at)
       select tenant_id, ledger_seq, 'grant', $1 + 5, balance_credits, $2, app.now() from core.accounts`,
      [amount, farm.owner.userId],
    );
  });
  expect(await stateOf(written)).toBe('ZC011');
});

it('a tenant is never removed', async () => {
  const removed = database.asOwner('__platform__', (transaction) =>
    transaction.rows('delete from core.tenants where id = $1', [farm.id]),
  );
  expect(await stateOf(removed)).toBe('23503');
});

it('has a rule for every table but those of work, of shared settings and of what can be computed again', async () => {
  const rest = [
    'agreement_warnings',
    'audit_pending',
    'callers_errors',
    'channels',
    'clock',
    'key_directory',
    'migrations',
    'record_types',
    'tenant_directory',
    'tenant_secrets',
    'tenants',
    'told_tenants',
    'vendor_breakers',
    'worklist',
  ];
  const tables = await database.look<{ name: string }>(
    "select tablename::text as name from pg_tables where schemaname = 'core'",
  );
  expect(tables.map(({ name }) => name).sort()).toEqual([...APPEND_ONLY, ...KEPT, ...rest].sort());
});

async function asOwner(table: string, act: 'update' | 'delete' | 'truncate'): Promise<unknown> {
  const statement = {
    update: `update core.${table} set ${await aColumn(table)} = ${await aColumn(table)}`,
    delete: `delete from core.${table}`,
    truncate: `truncate core.${table} cascade`,
  }[act];
  return await database.asOwner(tenantOf(table), (transaction) => transaction.rows(statement));
}

async function aColumn(table: string): Promise<string> {
  const [column] = await database.look<{ name: string }>(
    "select attname::text as name from pg_attribute where attrelid = ('core.' || $1)::regclass and attnum = 1",
    [table],
  );
  return column?.name ?? '';
}
