import { resolve } from 'node:path';
import type { Progress } from './command';
import { setting, wholeNumberSetting } from '../environment/setting';
import { anyFreePort, freePortFrom, isPortFree } from './free-port';

/** The data folder: `COUNTERSIGN_HOME`, else `.countersign` where the command is run. */
export function homeFolder(): string {
  return resolve(setting('COUNTERSIGN_HOME') ?? '.countersign');
}

export interface Ports {
  readonly api: number;
  readonly temporal: number;
  readonly temporalUi: number;
}

/** Each port's usual number, the setting that fixes it, and what it is called in sentences. */
const PORTS = {
  api: { usual: 8080, variable: 'COUNTERSIGN_API_PORT', name: 'the API' },
  temporal: { usual: 7233, variable: 'COUNTERSIGN_TEMPORAL_PORT', name: 'Temporal' },
  temporalUi: { usual: 8233, variable: 'COUNTERSIGN_TEMPORAL_UI_PORT', name: "Temporal's web UI" },
} as const satisfies Record<keyof Ports, unknown>;

/**
 * Chooses the loopback ports of what will be started: what the caller or the environment asks for (0: any free one),
 * else the usual one, else the next free one, and says so. The others keep the number that they would have.
 *
 * @throws Error when a port that was asked for is taken
 */
export async function choosePorts(
  asked: Partial<Ports>,
  started: ReadonlySet<keyof Ports>,
  progress: Progress,
): Promise<Ports> {
  const taken = new Set<number>();
  const chosen = { api: 0, temporal: 0, temporalUi: 0 };
  for (const key of ['api', 'temporal', 'temporalUi'] as const) {
    const { usual, variable, name } = PORTS[key];
    const wanted = asked[key] ?? wholeNumberSetting(variable, { min: 0, max: 65_535 }, undefined);
    if (!started.has(key)) chosen[key] = wanted ?? usual;
    else chosen[key] = await choosePort(wanted, usual, name, taken, progress);
    taken.add(chosen[key]);
  }
  return chosen;
}

async function choosePort(
  wanted: number | undefined,
  usual: number,
  name: string,
  taken: ReadonlySet<number>,
  progress: Progress,
): Promise<number> {
  if (wanted === 0) return await anyFreePort();
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted;
    throw new Error(`Port ${wanted}, which was asked for ${name}, is taken.`);
  }
  const port = await freePortFrom(usual, taken);
  if (port !== usual) progress(`Port ${usual} is taken, so ${name} gets ${port}`);
  return port;
}

/**
 * The connection string for a role when the database is not ours: `DATABASE_URL_<ROLE>` (for `countersign_worker`:
 * `DATABASE_URL_WORKER`), else `DATABASE_URL` as it is. Undefined when neither is set.
 */
export function givenDatabaseUrl(role: string): string | undefined {
  const own = setting(`DATABASE_URL_${role.replace(/^countersign_/, '').toUpperCase()}`);
  return own ?? setting('DATABASE_URL');
}
