import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase } from '../support/database';
import { everything } from './support/everything';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const MIGRATION = join(__dirname, '../../sql/migrations/0017_known_sealed_and_seen.sql');

/** What can be told from the rows of now: neither a name that somebody had before nor an address, which came later. */
const OF_NOW = `and kind <> 'email' and (kind <> 'person' or exists (
  select from core.members m where m.tenant_id = known.tenant_id and m.display_name = known.value))`;

async function known(which = ''): Promise<string[]> {
  const rows = await database.look<{ row: string }>(
    `select tenant_id || ' ' || kind || ' ' || value || ' ' || encode(fingerprint, 'hex') as row
     from core.known_values known where value is not null ${which}`,
  );
  return rows.map(({ row }) => row).sort();
}

it('a database that had tenants before it knew what they know comes to know the same, in the owner’s role', async () => {
  const farm = await everything(database, runs);
  const noted = await known(OF_NOW);
  expect(noted.filter((row) => row.startsWith(farm.id)).length).toBeGreaterThan(4);
  const [block] = /do \$\$[\s\S]+?\$\$;/.exec(readFileSync(MIGRATION, 'utf8')) ?? [];
  if (block === undefined) throw new Error('the migration fills nothing in');
  await database.look('alter table core.known_values disable trigger user');
  await database.look('delete from core.known_values where value is not null');
  expect(await known()).toEqual([]);
  await database.look(`begin; set local role countersign_owner; ${block} commit`);
  expect(await known()).toEqual(noted);
  await database.look(`begin; set local role countersign_owner; ${block} commit`);
  expect(await known()).toEqual(noted);
}, 60_000);
