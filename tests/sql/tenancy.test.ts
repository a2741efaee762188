import { testDatabase } from '../support/database';
import { everything } from './support/everything';
import { sqlRuns, type Farm } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

/** Ids for work across tenants, and what is shared by nature: no role may read these tables. */
const EXEMPT = ['key_directory', 'tenant_directory', 'worklist'];

let first: Farm;
let other: Farm;

beforeAll(async () => {
  first = await everything(database, runs);
  other = await everything(database, runs);
}, 120_000);

async function tenantTables(): Promise<string[]> {
  const rows = await database.look<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'core' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE' order by 1`,
  );
  return rows.map(({ name }) => name).filter((name) => !EXEMPT.includes(name));
}

describe('row level security', () => {
  it('is forced on every table with a tenant', async () => {
    const forced = await database.look<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'core' and c.relrowsecurity and c.relforcerowsecurity order by 1`,
    );
    expect(forced.map(({ name }) => name)).toEqual([...(await tenantTables()), 'tenants'].sort());
  });

  it('shows no row of any table before a tenant is entered, even to the owner', async () => {
    for (const name of [...(await tenantTables()), 'tenants']) {
      const rows = await database.asOwner(null, (transaction) =>
        transaction.rows(`select * from core.${name}`),
      );
      expect([name, rows]).toEqual([name, []]);
    }
  });

  it('shows a tenant its own rows of every table, and of no other but what is shared', async () => {
    const shared = ['contents', 'document_contents', 'documents', 'embeddings', 'memories', 'passages'];
    for (const name of await tenantTables()) {
      const tenants = await database.asOwner(first.id, (transaction) =>
        transaction.rows<{ tenant_id: string }>(`select distinct tenant_id from core.${name}`),
      );
      const seen = tenants
        .map(({ tenant_id: tenantId }) => tenantId)
        .filter((id) => id !== '__global__' || !shared.includes(name));
      // Pending events are gone once their transaction has ended.
      expect([name, seen]).toEqual([name, name === 'audit_pending' ? [] : [first.id]]);
    }
  });

  it('refuses to write a row of another tenant', async () => {
    for (const name of await tenantTables()) {
      // Read before the transaction: on the embedded Postgres its holder must not ask for a second connection.
      const row = JSON.stringify({ ...(await sample(name)), tenant_id: other.id });
      const columns = await writableColumns(name);
      const state = await stateOf(
        database.asOwner(first.id, async (transaction) => {
          await transaction.rows(`alter table core.${name} disable trigger user`);
          await transaction.rows(
            `insert into core.${name} (${columns}) select ${columns} from jsonb_populate_record(null::core.${name}, $1)`,
            [row],
          );
        }),
      );
      // An identity column that is always generated is refused before row security looks.
      expect([name, state]).toEqual([name, name === 'audit_pending' ? '428C9' : '42501']);
    }
  });

  it('lets no row of another tenant be locked to change it', async () => {
    for (const name of await tenantTables()) {
      if (name === 'audit_pending') continue;
      const changed = await database.asOwner(first.id, (transaction) =>
        transaction.rows(`select 1 as one from core.${name} where tenant_id = $1 for update`, [other.id]),
      );
      expect([name, changed]).toEqual([name, []]);
    }
  });
});

/** All columns of a table but those that are computed of others. */
async function writableColumns(table: string): Promise<string> {
  const rows = await database.look<{ name: string }>(
    `select column_name::text as name from information_schema.columns
     where table_schema = 'core' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name).join(', ');
}

interface Reference {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

describe('references', () => {
  it('name the tenant wherever the table that they point to has one', async () => {
    const rows = await references();
    const tenanted = new Set(await tenantTables());
    const single = rows.filter(
      ({ parent, columns }) => tenanted.has(parent) && !columns.includes('tenant_id'),
    );
    expect(single).toEqual([]);
  });

  it('refuse another tenant’s id, every one of them', async () => {
    const composite = (await references()).filter(
      ({ child, columns }) => columns.includes('tenant_id') && columns.length > 1 && !EXEMPT.includes(child),
    );
    expect(composite.length).toBeGreaterThan(50);
    for (const reference of composite) {
      const pair = await rowsOf(reference);
      const state = await stateOf(
        database.asOwner(first.id, (transaction) => point(transaction, reference, pair)),
      );
      expect([reference.name, state]).toEqual([reference.name, '23503']);
    }
  });

  /** A row of the first tenant, and the key of a row of the other one. Read before the transaction that uses them. */
  async function rowsOf(reference: Reference): Promise<{ mine: string; theirs: unknown }> {
    const { child, parent, name } = reference;
    const { column, key } = pointing(reference);
    const [mine] = await database.look<{ ctid: string }>(
      `select c.ctid::text as ctid from core.${child} c where c.tenant_id = $1 and c.${column} is not null limit 1`,
      [first.id],
    );
    const [theirs] = await database.look<Record<string, unknown>>(
      `select * from core.${parent} where tenant_id = $1 limit 1`,
      [other.id],
    );
    if (!mine || !theirs) throw new Error(`${name} has no row to try it with`);
    return { mine: mine.ctid, theirs: foreign(theirs[key]) };
  }

  /** Points a row of the first tenant at a row of the other one, with the table's own triggers out of the way. */
  async function point(
    transaction: Parameters<Parameters<typeof database.asOwner>[1]>[0],
    reference: Reference,
    { mine, theirs }: { mine: string; theirs: unknown },
  ): Promise<void> {
    const { child } = reference;
    await transaction.rows(`alter table core.${child} disable trigger user`);
    await transaction.rows(
      `update core.${child} set ${pointing(reference).column} = $1 where ctid = $2::tid`,
      [theirs, mine],
    );
  }

  function pointing({ columns, keys }: Reference): { column: string; key: string } {
    const at = columns.findIndex((column) => column !== 'tenant_id');
    return { column: columns[at] ?? '', key: keys[at] ?? '' };
  }

  async function references(): Promise<Reference[]> {
    return await database.look<Reference>(
      `select k.conrelid::regclass || ' ' || k.conname as name, c.relname as child, p.relname as parent,
         array(select a.attname::text from unnest(k.conkey) with ordinality as n (num, place)
           join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num order by n.place) as columns,
         array(select a.attname::text from unnest(k.confkey) with ordinality as n (num, place)
           join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num order by n.place) as keys
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
       where k.contype = 'f' and c.relnamespace = 'core'::regnamespace order by 1`,
    );
  }
});

/** Ids are the other tenant's own; what is only numbered within a tenant gets a number that this one does not have. */
function foreign(key: unknown): unknown {
  return typeof key === 'number' || typeof key === 'bigint' ? 1_000_000 : key;
}

async function sample(table: string): Promise<Record<string, unknown>> {
  const [row] = await database.look<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from core.${table} t where tenant_id = $1 limit 1`,
    [first.id],
  );
  return row?.row ?? {};
}
