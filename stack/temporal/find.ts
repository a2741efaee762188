import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../cache-folder';
import { executable, findOnPath, runCommand, type Progress } from '../command';
import { acquireFolderLock, FolderLockedError, type FolderLock } from '../folder-lock';
import { setting } from '../../environment/setting';
import { downloadThroughSdk, newestDownload } from './sdk-download';

/** The newest version of the CLI's module that `go install` accepts; later ones carry a `replace`, which it refuses. */
const CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

const BUILD_MS_MAX = 30 * 60_000;

export type TemporalFound =
  /** A server that somebody else runs; nothing is started. */
  | { readonly kind: 'address'; readonly address: string }
  /** The Temporal CLI, whose `server start-dev` is the dev server. */
  | { readonly kind: 'program'; readonly path: string; readonly origin: string };

export interface TemporalSearch {
  /** The data folder; a `bin/temporal` in it is used. */
  readonly home?: string;
  readonly progress: Progress;
  /** Ends a download or a build that is under way. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the Temporal dev server, in this order: `TEMPORAL_ADDRESS` (then nothing is started), a `temporal` on PATH, one
 * kept in the data folder or in the user's cache, the SDK's own download, and where there is Go, a build of the CLI
 * (about five minutes, once).
 *
 * @throws Error that says what was tried and what to install
 */
export async function findTemporal(search: TemporalSearch): Promise<TemporalFound> {
  const address = setting('TEMPORAL_ADDRESS');
  if (address !== undefined) return { kind: 'address', address };
  const kept = await findKept(search.home);
  if (kept !== undefined) return kept;
  const tried = ['no temporal on PATH'];
  const sources = [download, build];
  for (const source of sources) {
    try {
      return await source(search);
    } catch (error) {
      search.signal?.throwIfAborted();
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `No Temporal server was found (${tried.join('; ')}). Install the Temporal CLI so that "temporal" is on PATH ` +
      '(brew install temporal, or its release for your system), or install Go 1.24 or newer so that it can be built, ' +
      'or set TEMPORAL_ADDRESS to a server that runs already.',
  );
}

async function findKept(home: string | undefined): Promise<TemporalFound | undefined> {
  const ours = cacheFolder('bin');
  const candidates: (readonly [string | undefined, string])[] = [
    [findOnPath('temporal'), 'found on PATH'],
    [home === undefined ? undefined : join(home, 'bin', 'temporal'), 'kept in the data folder'],
    [join(ours, 'temporal'), 'kept in the cache folder'],
    [newestDownload('dev-server', ours), 'downloaded before'],
    [newestDownload('dev-server', tmpdir()), 'downloaded before by the SDK'],
  ];
  for (const [path, origin] of candidates) {
    if (path !== undefined && (await isTemporalCli(path))) return { kind: 'program', path, origin };
  }
  return undefined;
}

async function isTemporalCli(path: string): Promise<boolean> {
  if (executable(path) === undefined) return false;
  try {
    return /temporal version .*Server/i.test(await runCommand(path, ['--version'], { withinMs: 20_000 }));
  } catch {
    return false;
  }
}

async function download({ progress, signal }: TemporalSearch): Promise<TemporalFound> {
  const path = await downloadThroughSdk('dev-server', cacheFolder('bin'), progress, signal);
  return { kind: 'program', path, origin: 'downloaded by the SDK' };
}

async function build({ progress, signal }: TemporalSearch): Promise<TemporalFound> {
  const go = findOnPath('go');
  if (go === undefined) throw new Error('there is no Go to build it with');
  const folder = cacheFolder('bin');
  const path = join(folder, 'temporal');
  const lock = await waitForBuildLock(`${folder}/temporal.build.lock`, progress, signal);
  try {
    if (!(await isTemporalCli(path))) {
      progress('Building the Temporal CLI with Go (about five minutes, once)');
      const started = performance.now();
      await runCommand(go, ['install', CLI_MODULE], {
        withinMs: BUILD_MS_MAX,
        cwd: folder,
        environment: { GOBIN: folder, GOFLAGS: '', GOWORK: 'off' },
        ...(signal === undefined ? {} : { signal }),
        whileRunning: {
          everyMs: 10_000,
          tell: (seconds) => progress(`Still building the Temporal CLI (${seconds} s of about 300)`),
        },
      });
      progress(`The Temporal CLI is built (${Math.round((performance.now() - started) / 1_000)} s)`);
    }
  } finally {
    lock.release();
  }
  return { kind: 'program', path, origin: 'built with Go' };
}

/** Two starts at once build once. */
async function waitForBuildLock(
  path: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<FolderLock> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await acquireFolderLock(path, 'The build of the Temporal CLI');
    } catch (error) {
      if (!(error instanceof FolderLockedError)) throw error;
      if (isFirst) progress(`Waiting for process ${error.owner.pid}, which is building the Temporal CLI`);
      signal?.throwIfAborted();
      await sleep(1_000);
    }
  }
}
