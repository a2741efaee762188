/*
 * Nothing analyses an embedded Postgres by itself: it has no background processes. Without statistics any index looks as
 * good as another, and a plan that a function made while its tables were empty is kept for as long as the one session
 * lives, which all connections share. So the host analyses what has changed, table by table, since everybody waits meanwhile.
 */

/** Asks the database one statement and gives its rows. */
export type Ask = <Row extends object>(text: string) => Promise<readonly Row[]>;

/** The rule of a server's own autovacuum: fifty rows and a tenth of the table, by the counts that the server keeps. */
const CHANGED_TABLES = `
  select format('%I.%I', s.schemaname, s.relname) as name
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
  order by 1`;

/** Gives the planner statistics of the tables of which enough has changed since it last got some. */
export async function analyzeChanged(ask: Ask): Promise<void> {
  for (const { name } of await ask<{ name: string }>(CHANGED_TABLES)) await ask(`analyze ${name}`);
}
