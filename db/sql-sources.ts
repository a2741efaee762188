import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

export interface SqlFile {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

export interface SqlSources {
  readonly roles: SqlFile;
  /** In order; applied once each and never changed. */
  readonly migrations: readonly SqlFile[];
  /** Functions, triggers, row security, views and grants: made anew when any of them has changed. */
  readonly repeatable: readonly SqlFile[];
  /** Of everything that is repeatable. */
  readonly fingerprint: string;
}

/** Everything of sql/ that makes the schema of this version. */
export async function sqlSources(): Promise<SqlSources> {
  const folder = await sqlFolder();
  const repeatable = await readSqlFiles(path.join(folder, 'functions'));
  for (const name of ['triggers.sql', 'row_security.sql', 'views.sql', 'grants.sql']) {
    repeatable.push(await readSqlFile(path.join(folder, name)));
  }
  return {
    roles: await readSqlFile(path.join(folder, 'roles.sql')),
    migrations: await readSqlFiles(path.join(folder, 'migrations')),
    repeatable,
    fingerprint: createHash('sha256')
      .update(repeatable.map((file) => `${file.name} ${file.sha256}`).join('\n'))
      .digest('hex'),
  };
}

/** The name of the last migration of this version. */
export async function newestMigration(): Promise<string> {
  const names = await readdir(path.join(await sqlFolder(), 'migrations'));
  return (
    names
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .at(-1) ?? ''
  );
}

/** Where the .sql files are: beside the sources in development, beside `dist` in a build. */
async function sqlFolder(): Promise<string> {
  for (const candidate of [path.join(__dirname, '..', 'sql'), path.join(__dirname, '..', '..', 'sql')]) {
    const names: string[] = await readdir(candidate).catch(() => []);
    if (names.includes('migrations')) return candidate;
  }
  throw new Error('the folder sql/ was not found beside the program');
}

async function readSqlFiles(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readSqlFile(path.join(folder, name))));
}

async function readSqlFile(file: string): Promise<SqlFile> {
  const text = await readFile(file, 'utf8');
  return { name: path.basename(file), text, sha256: createHash('sha256').update(text).digest('hex') };
}
