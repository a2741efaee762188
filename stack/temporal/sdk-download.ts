import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtEntry } from '../built-entry';
import { runCommand, type Progress } from '../command';

export type SdkServer = 'dev-server' | 'test-server';

/** How the SDK begins the names of the programs that it downloads. */
const NAME_STARTS: Readonly<Record<SdkServer, string>> = {
  'dev-server': 'temporal-sdk-typescript-',
  'test-server': 'temporal-test-server-sdk-typescript-',
};

/** How long a download may show no new byte before it is given up. */
const STALL_MS_MAX = 20_000;
const DOWNLOAD_MS_MAX = 10 * 60_000;

/** The newest program of a kind that the SDK left in a folder. Another user's file is not trusted. */
export function newestDownload(server: SdkServer, folder: string): string | undefined {
  const found = readdirSync(folder)
    .filter((name) => name.startsWith(NAME_STARTS[server]) && !name.endsWith('.downloading'))
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path) && statSync(path).uid === (process.getuid?.() ?? 0));
  return found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/**
 * Has the SDK fetch one of its servers into a folder, in a process of its own, since that call can be neither watched
 * nor ended. Returns the program's path.
 *
 * @throws Error when the download cannot be reached, stalls or fails
 */
export async function downloadThroughSdk(
  server: SdkServer,
  folder: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  progress(`Fetching Temporal's ${server.replace('-', ' ')} through the Temporal SDK (about 60 MB, once)`);
  const started = performance.now();
  const secondsSoFar = (): string => ((performance.now() - started) / 1_000).toFixed(1);
  let bytes = -1;
  let lastGrowthMs = started;
  try {
    await runCommand(process.execPath, [builtEntry('temporal/download'), server, folder], {
      withinMs: DOWNLOAD_MS_MAX,
      ...(signal === undefined ? {} : { signal }),
      whileRunning: {
        everyMs: 10_000,
        tell: (seconds) => progress(`Still fetching Temporal (${seconds} s)`),
      },
      isStuck: () => {
        const present = bytesIn(folder);
        if (present !== bytes) lastGrowthMs = performance.now();
        bytes = present;
        return performance.now() - lastGrowthMs > STALL_MS_MAX;
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const isOffline = /dns error|client error \(Connect\)|error sending request|no progress/i.test(reason);
    progress(`That download ${isOffline ? 'is not reachable from here' : 'failed'} (${secondsSoFar()} s)`);
    throw new Error(isOffline ? 'the download is not reachable' : `the download failed: ${reason}`, {
      cause: error,
    });
  }
  const path = newestDownload(server, folder);
  if (path === undefined) throw new Error('the download left no program');
  progress(`It is fetched (${secondsSoFar()} s)`);
  return path;
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
