import type { DatabaseRole } from '../../db/pool';
import { testDatabase } from '../support/database';
import { stateOf } from './support/states';

const database = testDatabase();
const ROLES: readonly DatabaseRole[] = ['worker', 'api', 'adapter', 'auditor'];

/** Every function that a role may call. What is not in here is refused, also what will be written later. */
const MAY_CALL: Readonly<Record<DatabaseRole | 'backup', readonly string[]>> = {
  worker: [
    'apply_intent',
    'asks_otherwise',
    'begin_call',
    'begin_delivery',
    'begin_mail',
    'begin_passage',
    'begin_replay',
    'close_document',
    'close_replay',
    'close_run',
    'count_agreement',
    'dispatch_notice',
    'due_work',
    'finish_call',
    'finish_delivery',
    'finish_mail',
    'finish_passage',
    'give_up_call',
    'hand_mail',
    'hasten_work',
    'lacks_people',
    'load_answer',
    'load_document',
    'load_judged_answers',
    'load_run',
    'note_altered',
    'note_vendor',
    'now',
    'page_stuck_step',
    'purposes_in_use',
    'put_sealing_key',
    'reconcile_run',
    'record_draft',
    'record_evaluation',
    'reread_documents',
    'reserve',
    'reterm_run',
    'retime_gate',
    'rewrap_data_keys',
    'rewrap_sealing_key',
    'sealing_keys',
    'seek_people',
    'set_mail_channel',
    'settle_run',
    'similar_passages',
    'stale_data_keys',
    'store_passages',
    'store_prompt',
    'tenant',
    'tenant_ids',
    'tick_gate',
    'timing_of_run',
    'uncounted_tenants',
    'utc',
    'warn_of_agreements',
    'withdraw_run',
    'work_failed',
  ],
  api: [
    'accept_compensation',
    'accept_replay',
    'accept_run',
    'acknowledge_page',
    'acting_for',
    'add_document',
    'add_webhook',
    'answer_question',
    'ask_requester',
    'authenticate',
    'blind_gates',
    'change_webhook',
    'claim_gate',
    'comment_on_gate',
    'create_delegation',
    'create_key',
    'create_tenant',
    'delete_document',
    'gate_agreement',
    'gate_refusal',
    'give_feedback',
    'grant_credits',
    'note_altered',
    'note_reidentified',
    'now',
    'open_tenant',
    'ping_webhook',
    'read_content',
    'reassign_gate',
    'reauthenticate',
    'record_view',
    'recuse',
    'release_gate',
    'renew_claim',
    'replay_deliveries',
    'review_act',
    'reviewer_agreement',
    'reviewer_statistics',
    'revoke_delegation',
    'revoke_key',
    'rotate_webhook_secret',
    'set_mail_preference',
    'set_member',
    'set_policy',
    'set_price',
    'set_subject_member',
    'set_vendor',
    'shown_hash',
    'steal_claim',
    'store_intent',
    'store_intents',
    'tenant',
    'tenant_of_key',
    'utc',
    'withdraw_run',
  ],
  adapter: ['import_trust_record', 'now', 'store_receipt', 'tenant', 'utc', 'verify_trust_record'],
  auditor: ['now', 'read_content', 'reviewer_agreement', 'tenant', 'utc'],
  backup: [],
};
/** Views that show content, which the API alone may read. */
const CONTENT = /_content$/;

interface Routine {
  readonly name: string;
  readonly call: string;
  readonly pinned: boolean;
  readonly definer: boolean;
  readonly owner: string;
}

async function routines(schema: string): Promise<Routine[]> {
  return await database.look<Routine>(
    `select p.proname as name, p.prosecdef as definer, pg_get_userbyid(p.proowner) as owner,
       format('%I.%I(%s)', n.nspname, p.proname, (select string_agg(format('(select null::%s)', format_type(a.type, null)), ', ' order by a.place)
         from unnest(p.proargtypes) with ordinality as a (type, place))) as call,
       exists (select from unnest(p.proconfig) as setting where setting ~ '^search_path=(core, app|"?core"?, ?"?app"?).*pg_temp"?$') as pinned
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1 order by 1`,
    [schema],
  );
}

async function relations(schema: string, kinds: string): Promise<{ name: string; owner: string }[]> {
  return await database.look(
    `select c.relname as name, pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind::text = any (string_to_array($2, ',')) order by 1`,
    [schema, kinds],
  );
}

describe('functions', () => {
  it.each(ROLES)('lets %s call what the table names, and refuses every other one', async (role) => {
    const wrong: string[] = [];
    for (const { name, call } of await routines('app')) {
      const state = await stateOf(
        database.as(role, null, (transaction) => transaction.rows(`select ${call}`)),
      );
      const refused = state === '42501' && !(await may(role, name));
      if (refused === MAY_CALL[role].includes(name)) wrong.push(`${name}: ${state ?? 'called'}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each([...ROLES, 'backup' as const])('grants %s exactly that', async (role) => {
    const granted: string[] = [];
    for (const { name } of await routines('app')) if (await may(role, name)) granted.push(name);
    expect(granted).toEqual(MAY_CALL[role]);
  });

  it.each(ROLES)('lets %s reach nothing of the private schema', async (role) => {
    for (const { name, call } of await routines('core')) {
      const state = await stateOf(
        database.as(role, null, (transaction) => transaction.rows(`select ${call}`)),
      );
      expect([name, state]).toEqual([name, '42501']);
    }
  });

  it('pins the search path of every function that runs with the owner’s rights', async () => {
    const definers = [...(await routines('app')), ...(await routines('core'))].filter(
      ({ definer }) => definer,
    );
    expect(definers.length).toBeGreaterThan(50);
    expect(definers.filter(({ pinned }) => !pinned).map(({ name }) => name)).toEqual([]);
    expect(new Set(definers.map(({ owner }) => owner))).toEqual(new Set(['countersign_owner']));
  });

  it('grants nothing to everybody', async () => {
    const open = await database.look<{ name: string }>(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('app', 'core') and has_function_privilege('public', p.oid, 'execute')`,
    );
    expect(open).toEqual([]);
  });

  it('lets the owner alone move the clock', async () => {
    for (const role of ROLES)
      expect(
        await stateOf(
          database.as(role, null, (transaction) => transaction.value("select app.shift_clock('1 day')")),
        ),
      ).toBe('42501');
    await database.asOwner(null, (transaction) => transaction.value("select app.shift_clock('0')"));
  });

  async function may(role: string, name: string): Promise<boolean> {
    const [row] = await database.look<{ may: boolean }>(
      `select bool_and(has_function_privilege('countersign_' || $1, p.oid, 'execute')) as may
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app' and p.proname = $2`,
      [role, name],
    );
    return row?.may === true;
  }
});

describe('tables', () => {
  const ACTS: Readonly<Record<string, (table: string) => string>> = {
    select: (table) => `select from ${table}`,
    insert: (table) => `insert into ${table} default values`,
    update: (table) => `update ${table} set ctid = ctid`,
    delete: (table) => `delete from ${table}`,
    truncate: (table) => `truncate ${table}`,
  };

  it.each(ROLES.flatMap((role) => Object.keys(ACTS).map((act) => [role, act] as const)))(
    'refuses %s to %s any table',
    async (role, act) => {
      const tables = await relations('core', 'r,p,S');
      expect(tables.length).toBeGreaterThan(45);
      for (const { name } of tables) {
        const statement = (ACTS[act] ?? String)(`core.${name}`);
        // The right to update a system column is never given, so ask for the table's right instead.
        const state =
          act === 'update'
            ? (await holds(role, `core.${name}`, 'update'))
              ? undefined
              : '42501'
            : await stateOf(database.as(role, null, (transaction) => transaction.rows(statement)));
        expect([name, state]).toEqual([name, '42501']);
      }
    },
  );

  it('lets the backup role read all of them, and write none', async () => {
    for (const { name } of [...(await relations('core', 'r,p')), ...(await relations('app', 'v'))]) {
      const schema = (await relations('app', 'v')).some((view) => view.name === name) ? 'app' : 'core';
      expect([name, await holds('backup', `${schema}.${name}`, 'select')]).toEqual([name, true]);
      for (const act of ['insert', 'update', 'delete', 'truncate'])
        expect([name, await holds('backup', `${schema}.${name}`, act)]).toEqual([name, false]);
    }
  });

  async function holds(role: string, table: string, act: string): Promise<boolean> {
    const [row] = await database.look<{ may: boolean }>(
      "select has_table_privilege('countersign_' || $1, $2, $3) or has_any_column_privilege('countersign_' || $1, $2, case when $3 in ('delete', 'truncate') then 'select' else $3 end) and $3 not in ('delete', 'truncate') as may",
      [role, table, act],
    );
    return row?.may === true;
  }
});

describe('views', () => {
  it('belong to the owner, who is neither superuser nor passes row level security', async () => {
    const owners = new Set((await relations('app', 'v')).map(({ owner }) => owner));
    expect([...owners]).toEqual(['countersign_owner']);
    const [owner] = await database.look<{ rolsuper: boolean; rolbypassrls: boolean; rolcanlogin: boolean }>(
      "select rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = 'countersign_owner'",
    );
    expect(owner).toEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false });
  });

  it.each(ROLES)('show %s no row before a tenant is entered, and content to the API alone', async (role) => {
    const shared = ['purposes', 'record_types', 'vendors', 'prices'];
    for (const { name } of await relations('app', 'v')) {
      const seen = database.as(role, null, (transaction) => transaction.rows(`select * from app.${name}`));
      const state = await stateOf(seen);
      if (CONTENT.test(name) && role !== 'api') expect([name, state]).toEqual([name, '42501']);
      if (role === 'api') expect([name, state]).toEqual([name, undefined]);
      if (state === undefined && !shared.includes(name)) expect([name, await seen]).toEqual([name, []]);
    }
  });

  it('are written by nobody', async () => {
    for (const role of ROLES)
      for (const { name } of await relations('app', 'v'))
        for (const act of ['insert', 'update', 'delete']) {
          const [row] = await database.look<{ may: boolean }>(
            "select has_table_privilege('countersign_' || $1, 'app.' || $2, $3) as may",
            [role, name, act],
          );
          expect([role, name, act, row?.may]).toEqual([role, name, act, false]);
        }
  });
});
