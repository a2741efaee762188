import { join } from 'node:path';
import type { Progress } from './command';
import { builtEntry } from './built-entry';
import type { ProcessPlan } from './managed-process';
import { pgliteSocketFolder, socketDatabaseUrl } from './pglite/socket-folder';
import { setting } from '../environment/setting';
import { choosePorts, givenDatabaseUrl, type Ports } from './settings';
import { PART_NAMES, PARTS, type Part } from './state-file';
import type { StackOptions } from './stack';
import { findTemporal } from './temporal/find';
import { prepareNamespace, TEMPORAL_NAMESPACE } from './temporal/namespace';
import { devServerArguments, devServerEnvironment } from './temporal/server';

/** How long each part may take to end after SIGTERM. The worker drains for at most 30 s by itself. */
const STOP_MS_MAX: Readonly<Record<Part, number>> = {
  pglite: 10_000,
  temporal: 15_000,
  worker: 35_000,
  api: 15_000,
};

const READY_MS_MAX = 60_000;

/** A part that an earlier supervisor left gets this long before it is killed. */
export const LEFT_STOP_MS_MAX = 10_000;

/** Where everything of one stack is reached, and how each of its processes is run. */
export interface Layout {
  readonly plans: readonly (readonly [Part, ProcessPlan])[];
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string | undefined;
  /** The folder of the embedded Postgres's socket; undefined when the database is not ours. */
  readonly socketFolder: string | undefined;
  databaseUrl(role: string): string;
}

interface PlanBasis {
  readonly home: string;
  readonly readyMsMax: number;
  readonly stopMsMax: Partial<Record<Part, number>>;
}

/**
 * Decides what is started and where, and finds Temporal. A database or Temporal that the options or the environment
 * name is used as it is; one on this machine gets our namespace.
 *
 * @throws Error when there is no Temporal, or a port that was asked for is taken
 */
export async function layOut(home: string, options: StackOptions, progress: Progress): Promise<Layout> {
  const given = options.databaseUrl ?? (givenDatabaseUrl('owner') === undefined ? undefined : givenUrl);
  const parts = new Set(options.parts ?? PARTS);
  if (given !== undefined) parts.delete('pglite');
  const temporal = await placeTemporal(home, options, parts, progress);
  const started = new Set<keyof Ports>(parts.has('api') ? ['api'] : []);
  if (temporal.program !== undefined) started.add('temporal').add('temporalUi');
  const ports = await choosePorts(options.ports ?? {}, started, progress);
  const from: PlanBasis = {
    home,
    readyMsMax: options.readyMsMax ?? READY_MS_MAX,
    stopMsMax: options.stopMsMax ?? {},
  };
  const socketFolder = given === undefined ? pgliteSocketFolder(pgliteDataFolder(home)) : undefined;
  const address = temporal.address ?? `127.0.0.1:${ports.temporal}`;
  const namespace = setting('TEMPORAL_NAMESPACE') ?? TEMPORAL_NAMESPACE;
  const isUsed = parts.has('temporal') || parts.has('worker') || parts.has('api');
  if (isUsed && temporal.address !== undefined && isLoopback(temporal.address)) {
    await prepareNamespace(temporal.address, namespace, READY_MS_MAX);
  }
  const databaseUrl =
    given ?? ((role: string) => socketDatabaseUrl(role, pgliteSocketFolder(pgliteDataFolder(home))));
  const environment = (part: 'worker' | 'api'): Record<string, string | undefined> => ({
    ...inherited(part),
    DATABASE_URL: databaseUrl(`countersign_${part}`),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    COUNTERSIGN_HOME: home,
    COUNTERSIGN_API_PORT: String(ports.api),
    COUNTERSIGN_PROFILE: setting('COUNTERSIGN_PROFILE') ?? 'local',
    ...options.environment,
  });
  const plans: [Part, ProcessPlan][] = [];
  if (parts.has('pglite')) plans.push(['pglite', pglitePlan(from)]);
  if (temporal.program !== undefined) {
    const settings = { port: ports.temporal, uiPort: ports.temporalUi, namespace };
    plans.push(['temporal', temporalPlan(from, temporal.program, settings)]);
  }
  for (const part of ['worker', 'api'] as const) {
    if (!parts.has(part)) continue;
    plans.push([part, ownPlan(part, from, options.commands?.[part], environment(part))]);
  }
  return {
    plans,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    temporalAddress: address,
    temporalNamespace: namespace,
    temporalUiUrl: temporal.program === undefined ? undefined : `http://127.0.0.1:${ports.temporalUi}`,
    socketFolder,
    databaseUrl,
  };
}

/** Where Temporal is: an address that somebody gave, a program to start, or neither when it is left out. */
async function placeTemporal(
  home: string,
  options: StackOptions,
  parts: ReadonlySet<Part>,
  progress: Progress,
): Promise<{ readonly address?: string; readonly program?: string }> {
  if (options.temporalAddress !== undefined) return { address: options.temporalAddress };
  const named = setting('TEMPORAL_ADDRESS');
  if (!parts.has('temporal')) return named === undefined ? {} : { address: named };
  const { signal } = options;
  const found = await findTemporal({ home, progress, ...(signal === undefined ? {} : { signal }) });
  if (found.kind === 'address') {
    progress(`Using the Temporal at ${found.address}`);
    return { address: found.address };
  }
  progress(`Using the Temporal CLI ${found.path} (${found.origin})`);
  return { program: found.path };
}

/** What worker and API get of our own environment: not the other roles' logins, and the master keys for the worker only. */
function inherited(part: 'worker' | 'api'): Record<string, string | undefined> {
  const isOthers = (name: string): boolean =>
    name.startsWith('DATABASE_URL_') ||
    name === 'COUNTERSIGN_KEY' ||
    (name.startsWith('COUNTERSIGN_MASTER_KEY') && part === 'api');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOthers(name)));
}

function givenUrl(role: string): string {
  const url = givenDatabaseUrl(role);
  if (url === undefined) throw new Error(`There is no connection string for ${role}: set DATABASE_URL.`);
  return url;
}

function isLoopback(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(address);
}

/** The folder of the embedded Postgres's data in a data folder. */
export function pgliteDataFolder(home: string): string {
  return join(home, 'pglite');
}

function basis(part: Part, from: PlanBasis): Omit<ProcessPlan, 'command' | 'environment'> {
  return {
    name: PART_NAMES[part],
    logFile: join(from.home, 'logs', `${part}.log`),
    readyMsMax: from.readyMsMax,
    stopMsMax: from.stopMsMax[part] ?? STOP_MS_MAX[part],
  };
}

/** How the embedded Postgres is run. */
function pglitePlan(from: PlanBasis): ProcessPlan {
  const command = [process.execPath, builtEntry('pglite/main'), pgliteDataFolder(from.home)] as const;
  return { ...basis('pglite', from), command: [...command], environment: process.env };
}

/** How the Temporal dev server at `path` is run. */
function temporalPlan(
  from: PlanBasis,
  path: string,
  settings: { readonly port: number; readonly uiPort: number; readonly namespace: string },
): ProcessPlan {
  const databaseFile = join(from.home, 'temporal', 'temporal.db');
  return {
    ...basis('temporal', from),
    command: [path, ...devServerArguments({ ...settings, databaseFile })],
    environment: devServerEnvironment(),
    probe: async (giveUp) => {
      await prepareNamespace(`127.0.0.1:${settings.port}`, settings.namespace, from.readyMsMax, giveUp);
    },
  };
}

/** How the worker or the API is run: by default from the build. */
function ownPlan(
  part: 'worker' | 'api',
  from: PlanBasis,
  command: readonly string[] | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ProcessPlan {
  const [program = process.execPath, ...args] = command ?? [process.execPath, builtEntry(`../${part}/main`)];
  return { ...basis(part, from), command: [program, ...args], environment };
}
