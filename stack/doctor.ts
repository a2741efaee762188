import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, everyItem } from '../client/index';
import { migrationState } from '../db/migration-state';
import { isRunning } from './process-identity';
import { socketDatabaseUrl } from './pglite/socket-folder';
import { CAST_NAMES } from './seed/cast';
import { readPeople } from './seed/token-file';
import { setting } from '../environment/setting';
import { givenDatabaseUrl } from './settings';
import { PART_NAMES, readStackState, type StackState } from './state-file';
import { readNamespace, RETENTION_DAYS, TEMPORAL_NAMESPACE } from './temporal/namespace';

export interface Check {
  readonly name: string;
  /** `warn`: it works, but not for long. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

type Found = Omit<Check, 'name'>;

const NODE_MAJOR_MIN = 20;
const EXPIRY_DAYS_MIN = 30;
const DAY_MS = 86_400_000;

/**
 * Looks at everything that a stack needs: what is installed and built, what runs, whether database and Temporal are
 * reachable and as this version wants them, and which agreements and keys run out soon. Changes nothing.
 *
 * @param keys of people to ask the API as; by default those that were seeded on the data folder
 */
export async function examine(home: string, keys: readonly string[] = seededKeys(home)): Promise<Check[]> {
  const state = readStackState(home);
  const checks: readonly (readonly [string, () => Found | Promise<Found>])[] = [
    ['Node', checkNode],
    ['build', checkBuild],
    ['processes', () => checkProcesses(home, state)],
    ['database', () => checkDatabase(state)],
    ['Temporal', () => checkTemporal(state)],
    ['API', () => checkApi(state)],
    ['agreements', () => checkAgreements(state, keys)],
    ['keys', () => checkKeys(state, keys)],
  ];
  return await Promise.all(
    checks.map(async ([name, check]) => {
      try {
        return { name, ...(await check()) };
      } catch (error) {
        return { name, ...fail(error instanceof Error ? error.message : String(error)) };
      }
    }),
  );
}

function checkNode(): Found {
  const major = Number(process.versions.node.split('.')[0]);
  const said = `Node ${process.versions.node}`;
  return major >= NODE_MAJOR_MIN ? ok(said) : fail(`${said} is older than ${NODE_MAJOR_MIN}`);
}

function checkBuild(): Found {
  const folders = [join(__dirname, '..'), join(__dirname, '..', 'dist')];
  const isBuilt = folders.some((folder) => existsSync(join(folder, 'workflow-bundle.js')));
  return isBuilt ? ok('compiled, workflows bundled') : fail('not built: npm run build');
}

function checkProcesses(home: string, state: StackState | undefined): Found {
  if (state === undefined) return fail(`no stack is noted in ${home}: countersign start`);
  // A part that crashed, or was halted, has no process until it is up again.
  const down = state.parts.filter((part) => {
    const identity = state.processes[part];
    return identity === undefined || !isRunning(identity);
  });
  if (!isRunning(state.supervisor)) return fail(`the stack on ${home} does not run: countersign start`);
  if (down.length > 0) return fail(`${down.map((part) => PART_NAMES[part]).join(', ')} does not run`);
  return ok(`${Object.keys(state.processes).length} parts run`);
}

async function checkDatabase(state: StackState | undefined): Promise<Found> {
  const socketFolder = state?.socketFolder;
  const url =
    socketFolder === undefined
      ? givenDatabaseUrl('countersign_migrator')
      : socketDatabaseUrl('countersign_migrator', socketFolder);
  if (url === undefined) return fail('no database is known: set DATABASE_URL or start the stack');
  const { serverVersion, vectorVersion, pending, changed } = await migrationState(url);
  const said = `PostgreSQL ${serverVersion}, pgvector ${vectorVersion ?? 'missing'}`;
  if (vectorVersion === undefined) return fail(said);
  if (changed.length > 0) return fail(`${said}; changed after they were applied: ${changed.join(', ')}`);
  if (pending.length > 0) return fail(`${said}; not migrated: ${pending.join(', ')}`);
  return ok(`${said}, migrated`);
}

async function checkTemporal(state: StackState | undefined): Promise<Found> {
  const address = state?.temporalAddress ?? setting('TEMPORAL_ADDRESS');
  if (address === undefined) return fail('no Temporal is known: start the stack');
  const namespace = state?.temporalNamespace ?? setting('TEMPORAL_NAMESPACE') ?? TEMPORAL_NAMESPACE;
  const facts = await readNamespace(address, namespace);
  const said = `server ${facts.serverVersion}, namespace ${namespace}, retention ${facts.retentionDays} days`;
  if (facts.searchAttributesMissing.length > 0)
    return fail(`${said}; search attributes missing: ${facts.searchAttributesMissing.join(', ')}`);
  return facts.retentionDays < RETENTION_DAYS
    ? warn(`${said}, of ${RETENTION_DAYS} that are wanted`)
    : ok(said);
}

async function checkApi(state: StackState | undefined): Promise<Found> {
  if (state?.apiUrl === undefined) return fail('no API is known: start the stack');
  const client = createClient({ baseUrl: state.apiUrl, retriesMax: 0 });
  const { status, parts } = await client.ready();
  const said = Object.entries(parts).map(([part, health]) => `${part} ${health}`);
  return status === 'ok' ? ok(`${state.apiUrl}: ${said.join(', ')}`) : fail(said.join(', '));
}

/** Agreements of models that leave the perimeter: when one runs out, its model is refused from that moment on. */
async function checkAgreements(state: StackState | undefined, keys: readonly string[]): Promise<Found> {
  const [client] = clientsOf(state, keys);
  if (client === undefined) return warn('no key to ask with');
  const soon: string[] = [];
  let listed = 0;
  for await (const one of everyItem((cursor) => client.vendors.list({ cursor }))) {
    if (!one.listed) continue;
    listed += 1;
    if (one.leaves_perimeter && runsOut(one.baa_expires_at))
      soon.push(`${one.vendor}/${one.model} until ${one.baa_expires_at ?? ''}`);
  }
  if (listed === 0) return warn('the vendor matrix lists no model, so every run is refused');
  return soon.length === 0 ? ok(`${listed} models are listed, none runs out soon`) : warn(soon.join(', '));
}

async function checkKeys(state: StackState | undefined, keys: readonly string[]): Promise<Found> {
  const soon: string[] = [];
  const seen = new Set<string>();
  for (const client of clientsOf(state, keys)) {
    const { member } = await client.me();
    if (!member.roles.some((role) => role === 'admin' || role === 'platform_admin' || role === 'auditor'))
      continue;
    for await (const key of everyItem((cursor) => client.keys.list({ cursor }))) {
      if (seen.has(key.id) || key.revoked_at !== null) continue;
      seen.add(key.id);
      if (runsOut(key.expires_at)) soon.push(`${key.label} (${key.id}) until ${key.expires_at ?? ''}`);
    }
  }
  if (seen.size === 0) return warn('no key whose owner may list keys');
  return soon.length === 0 ? ok(`${seen.size} keys, none runs out soon`) : warn(soon.join(', '));
}

function clientsOf(state: StackState | undefined, keys: readonly string[]) {
  const baseUrl = state?.apiUrl;
  return baseUrl === undefined ? [] : keys.map((key) => createClient({ baseUrl, key, retriesMax: 0 }));
}

function runsOut(until: string | null): boolean {
  return until !== null && Date.parse(until) < Date.now() + EXPIRY_DAYS_MIN * DAY_MS;
}

function seededKeys(home: string): string[] {
  const people = readPeople(join(home, 'tokens.json'));
  return CAST_NAMES.flatMap((name) => people[name]?.token ?? []);
}

function ok(detail: string): Found {
  return { verdict: 'ok', detail };
}

function warn(detail: string): Found {
  return { verdict: 'warn', detail };
}

function fail(detail: string): Found {
  return { verdict: 'fail', detail };
}
