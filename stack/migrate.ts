import { config } from '../countersign.config';
import { migrate, type MigrationReport } from '../db/migrate';
import { registerPacks } from '../db/register-packs';
import { createRegistry, packRows } from '../packs/registry';

export interface MigratedDatabase extends MigrationReport {
  /** Names of purposes and record types that are new or changed. */
  readonly registered: readonly string[];
}

/** Brings a database to this version: schema, functions and grants, then what the configured packs declare. */
export async function migrateDatabase(databaseUrl: (role: string) => string): Promise<MigratedDatabase> {
  const url = databaseUrl('countersign_migrator');
  const report = await migrate(url);
  const registered = await registerPacks(url, packRows(createRegistry(config.packs)));
  return { ...report, registered };
}
