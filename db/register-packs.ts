import { Client } from 'pg';
import type { KnowledgeItem } from '../contract/pack';
import type { Database } from './pool';
import { inTenant } from './transaction';

/** What packs declare, as the database takes it (`packs/registry.ts` makes the rows). */
export interface PackRows {
  readonly recordTypes: readonly Readonly<Record<string, unknown>>[];
  readonly purposes: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Registers record types and purposes, in one transaction, with the rights of the owner: who asks, how many seats and
 * which class belong to them, so neither worker nor API may write them.
 *
 * @param url the migrator's login, or a superuser's
 * @returns names of what is new or changed
 * @throws Error with a code of the catalogue when a registered version was changed
 */
export async function registerPacks(url: string, rows: PackRows): Promise<readonly string[]> {
  return await asOwner(url, '__platform__', async (client) => {
    const changed: string[] = [];
    const all = [
      ...rows.recordTypes.map((row) => ['app.register_record_type', row] as const),
      ...rows.purposes.map((row) => ['app.register_purpose', row] as const),
    ];
    for (const [register, row] of all) {
      const result = await client.query<{ answer: { outcome: string; code?: string } }>(
        `select ${register}($1) as answer`,
        [JSON.stringify(row)],
      );
      const answer = result.rows[0]?.answer;
      if (answer?.outcome === 'refused') throw refusal(row, answer.code ?? '');
      if (answer?.outcome === 'registered') changed.push(String(row.name));
    }
    return changed;
  });
}

/** A registered version never changes, since runs and decisions name it; what a pack says otherwise gets a new one. */
function refusal(row: Readonly<Record<string, unknown>>, code: string): Error {
  const version = typeof row.version === 'number' ? ` version ${row.version}` : '';
  return new Error(
    `${String(row.name)}${version} is registered in this database in other words than this program declares (${code}): ` +
      'declare the change as a new version or name, or use another database or data folder.',
  );
}

/** How many of the shared facts are new, gone, or as they were. One that has changed is both new and gone. */
export interface KnowledgeReport {
  readonly added: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** What embedding the shared knowledge may cost in one day: a tenth of a dollar, many times what the packs' facts take. */
const KNOWLEDGE_BUDGET_NANO_USD = '100000000';

/**
 * Brings the shared knowledge to what the packs declare, with the rights of the owner; a worker then embeds what is new.
 *
 * @param url the migrator's login, or a superuser's
 */
export async function registerKnowledge(
  url: string,
  items: readonly KnowledgeItem[],
): Promise<KnowledgeReport> {
  return await asOwner(url, '__global__', async (client) => {
    const result = await client.query<{ answer: KnowledgeReport }>(
      'select app.register_knowledge($1, $2) as answer',
      [JSON.stringify(items), KNOWLEDGE_BUDGET_NANO_USD],
    );
    return result.rows[0]?.answer ?? { added: 0, removed: 0, unchanged: 0 };
  });
}

/** One transaction of the owner's in a tenant of the platform's, on a connection of its own. */
async function asOwner<Result>(
  url: string,
  tenantId: '__platform__' | '__global__',
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionString: url,
    options: '-c timezone=UTC',
    application_name: 'countersign-register',
  });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`set local role countersign_owner; set local app.tenant = '${tenantId}'`);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}

interface RegisteredRow {
  readonly name: string;
  readonly version: number;
  readonly content_hash: string;
}

/**
 * Compares what this program declares with what is registered, before the worker takes its first run.
 *
 * @throws Error when a purpose or record type is not registered as declared, or a run that is open began with a version
 *   of a purpose that this program no longer has
 */
export async function verifyPacks(database: Database, rows: PackRows): Promise<void> {
  const [types, purposes] = await inTenant(database, '__platform__', async (transaction) => [
    await transaction.rows<RegisteredRow>('select name, 1 as version, content_hash from app.record_types'),
    await transaction.rows<RegisteredRow>('select name, version, content_hash from app.purposes'),
  ]);
  const registered = new Map<string, unknown>([
    ...types.map((row) => [`record type ${row.name}`, row.content_hash] as const),
    ...purposes.map((row) => [`purpose ${row.name} ${row.version}`, row.content_hash] as const),
  ]);
  const declared = new Map<string, unknown>([
    ...rows.recordTypes.map((row) => [`record type ${String(row.name)}`, row.content_hash] as const),
    ...rows.purposes.map(
      (row) => [`purpose ${String(row.name)} ${String(row.version)}`, row.content_hash] as const,
    ),
  ]);
  for (const [key, hash] of declared) {
    if (registered.get(key) !== hash)
      throw new Error(`The ${key} is not registered as this program declares it: run "countersign migrate".`);
  }
  const tenants = await inTenant(database, null, (transaction) =>
    transaction.rows<{ tenant_id: string }>('select tenant_id from app.tenant_ids()'),
  );
  for (const { tenant_id: tenantId } of tenants) {
    const open = await inTenant(database, tenantId, (transaction) =>
      transaction.rows<{ name: string; version: number }>('select name, version from app.purposes_in_use()'),
    );
    for (const { name, version } of open) {
      if (!declared.has(`purpose ${name} ${version}`))
        throw new Error(
          `A run that is open began with purpose ${name} version ${version}, which no pack declares.`,
        );
    }
  }
}
