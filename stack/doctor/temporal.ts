import { setting } from '../../environment/setting';
import type { StackState } from '../state-file';
import {
  isNamespaceNotFound,
  readNamespace,
  RETENTION_DAYS,
  TEMPORAL_NAMESPACE,
} from '../temporal/namespace';
import { buildOf, builtWorkflows, isVersioned, readRelease } from '../temporal/release';
import { START, away, fail, ok, reasonOf, warn, type Found } from './check';

const PREPARE = 'run "node dist/stack/temporal/prepare.js" with TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE set';

/** Whether Temporal answers and its namespace is as runs need it. */
export async function checkTemporal(state: StackState | undefined): Promise<Found> {
  const address = state?.temporalAddress ?? setting('TEMPORAL_ADDRESS');
  if (address === undefined) return away('no Temporal is known', `${START}, or set TEMPORAL_ADDRESS`);
  const namespace = state?.temporalNamespace ?? setting('TEMPORAL_NAMESPACE') ?? TEMPORAL_NAMESPACE;
  try {
    const { serverVersion, retentionDays, searchAttributesMissing } = await readNamespace(address, namespace);
    const said = `server ${serverVersion}, namespace ${namespace}, retention ${retentionDays} days`;
    if (searchAttributesMissing.length > 0)
      return fail(`${said}; search attributes missing: ${searchAttributesMissing.join(', ')}`, PREPARE);
    if (retentionDays < RETENTION_DAYS) return warn(`${said}, of ${RETENTION_DAYS} that are wanted`, PREPARE);
    return await checkRelease(said, address, namespace);
  } catch (error) {
    if (isNamespaceNotFound(error))
      return fail(`the server at ${address} has no namespace ${namespace}`, PREPARE);
    return away(
      `nobody answers at ${address}: ${reasonOf(error)}`,
      `${START}, or look at TEMPORAL_ADDRESS and whether that server is up`,
    );
  }
}

/** With worker versioning, nothing runs until a build is the current one, and what is built here only once it is. */
async function checkRelease(said: string, address: string, namespace: string): Promise<Found> {
  if (!isVersioned()) return ok(said);
  const { current } = await readRelease(address, namespace);
  const remedy = 'run "countersign build set-current" once a worker of this build is up';
  if (current === null) return fail(`${said}; no build is current, so nothing runs`, remedy);
  const built = buildOf(builtWorkflows());
  if (current !== built) return warn(`${said}; build ${current} is current, this one is ${built}`, remedy);
  return ok(`${said}, build ${current} is current`);
}
