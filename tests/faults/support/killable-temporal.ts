import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyFreePort } from '../../../stack/free-port';
import { startGuarded, type GuardedProcess } from '../../../stack/guarded-process';
import { findTemporal } from '../../../stack/temporal/find';
import { prepareNamespace, TEMPORAL_NAMESPACE } from '../../../stack/temporal/namespace';
import { devServerArguments, devServerEnvironment } from '../../../stack/temporal/server';

export interface KillableTemporal {
  readonly address: string;
  readonly namespace: string;
  /** Starts the server on the data that are there, and waits until it answers. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const READY_MS_MAX = 30_000;

/** The Temporal program itself, which must be on this machine: a server elsewhere can't be killed. */
export async function temporalProgram(): Promise<string> {
  const found = await findTemporal({ progress: () => undefined });
  if (found.kind !== 'program') throw new Error('TEMPORAL_ADDRESS must not be set for this test');
  return found.path;
}

/** A dev server with its data on disk, as the product starts it, that can be killed and started again. */
export async function killableTemporal(): Promise<KillableTemporal> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-killable-'));
  const program = await temporalProgram();
  const port = await anyFreePort();
  const address = `127.0.0.1:${port}`;
  const namespace = TEMPORAL_NAMESPACE;
  let server: GuardedProcess | undefined;
  return {
    address,
    namespace,
    async start() {
      const started = startGuarded(
        program,
        devServerArguments({ port, namespace, databaseFile: join(folder, 'temporal.db') }),
        { logFile: join(folder, 'log'), environment: devServerEnvironment() },
      );
      server = started;
      await prepareNamespace(address, namespace, READY_MS_MAX, () =>
        started.isRunning() ? undefined : `Temporal did not start: ${started.logTail()}`,
      );
    },
    kill: async () => await server?.kill(),
    async close() {
      await server?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
