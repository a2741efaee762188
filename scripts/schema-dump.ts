import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../db/migrate';
import { runCommand } from '../stack/command';
import { findPostgres } from '../stack/postgres/binaries';
import { startNativePostgres } from '../stack/postgres/native';

const MAJOR = 18;
/** From the compiled script, which lies in dist/scripts. */
const SCHEMA_FILE = join(__dirname, '..', '..', 'sql', 'schema.sql');

/**
 * What all files of sql/ make together, as PostgreSQL itself tells it: written to sql/schema.sql, or with `--check`
 * compared with it. Reviewers read there what a change of a migration or function comes to.
 */
async function main(): Promise<void> {
  const made = await dumpSchema();
  if (!process.argv.includes('--check')) {
    writeFileSync(SCHEMA_FILE, made);
    return;
  }
  const committed = readFileSync(SCHEMA_FILE, 'utf8');
  if (committed === made) return;
  process.stderr.write(
    `sql/schema.sql is not what sql/ makes: run "npm run schema:dump".\n${firstDifference(committed, made)}\n`,
  );
  process.exitCode = 1;
}

async function dumpSchema(): Promise<string> {
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const { folder } = await findPostgres(MAJOR, say);
  const server = await startNativePostgres({ major: MAJOR, progress: say });
  try {
    await migrate(server.url);
    const text = await runCommand(
      join(folder, 'pg_dump'),
      ['--schema-only', '--no-password', '--dbname', server.url],
      {
        withinMs: 60_000,
      },
    );
    return normalised(text);
  } finally {
    await server.stop();
  }
}

/** Without what differs between two runs or two builds of one version: comments, the token of a dump, blank lines. */
function normalised(text: string): string {
  const kept = text
    .split('\n')
    .filter((line) => !/^(--|\\(un)?restrict |SET |SELECT pg_catalog\.set_config)/.test(line))
    .join('\n');
  return `${kept.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`;
}

function firstDifference(committed: string, made: string): string {
  const [before, after] = [committed.split('\n'), made.split('\n')];
  const at = after.findIndex((line, index) => line !== before[index]);
  const place = at === -1 ? after.length : at;
  return `Line ${place + 1}\n- ${before[place] ?? ''}\n+ ${after[place] ?? ''}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
