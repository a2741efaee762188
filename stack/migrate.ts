import { config } from '../countersign.config';
import { indexLargeTenants } from '../db/index-large-tenants';
import { migrate, type MigrationReport } from '../db/migrate';
import { registerKnowledge, registerPacks, type KnowledgeReport } from '../db/register-packs';
import { createRegistry, packRows } from '../packs/registry';
import { withDatabase } from './database-away';

export interface MigratedDatabase extends MigrationReport {
  /** Names of purposes and record types that are new or changed. */
  readonly registered: readonly string[];
  readonly knowledge: KnowledgeReport;
  /** Tenants whose passages have become so many that they got an index of their own. */
  readonly indexed: readonly string[];
}

/**
 * Brings a database to this version: schema, functions and grants, then what the configured packs declare and share.
 *
 * @throws DatabaseAwayError when it does not answer
 */
export async function migrateDatabase(databaseUrl: (role: string) => string): Promise<MigratedDatabase> {
  const url = databaseUrl('countersign_migrator');
  const report = await withDatabase(() => migrate(url));
  const registry = createRegistry(config.packs);
  const registered = await registerPacks(url, packRows(registry));
  const knowledge = await registerKnowledge(url, registry.knowledge);
  const indexed = await indexLargeTenants(url);
  return { ...report, registered, knowledge, indexed };
}
