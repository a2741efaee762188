import { join } from 'node:path';
import { setting } from '../environment/setting';
import { reasonOf, type Check, type Found } from './doctor/check';
import { checkDatabase } from './doctor/database';
import { checkBuild, checkNode, checkProcesses } from './doctor/machine';
import { checkAgreements, checkApi, checkKeys, checkPrices, type Service } from './doctor/service';
import { checkTemporal } from './doctor/temporal';
import { CAST_NAMES } from './seed/cast';
import { readPeople } from './seed/token-file';
import { readStackState } from './state-file';

export interface Asked {
  /** The API; by default `COUNTERSIGN_URL`, else that of the stack on the data folder. */
  readonly url?: string;
  /** Whose keys to ask with; by default `COUNTERSIGN_KEY`, else those that were noted on the data folder. */
  readonly keys?: readonly string[];
}

/**
 * Looks at everything that a stack needs: what is installed and built, what runs, whether database and Temporal are
 * reachable and as this version wants them, and which agreements, prices and keys run out. Changes nothing.
 */
export async function examine(home: string, asked: Asked = {}): Promise<Check[]> {
  const state = readStackState(home);
  const given = asked.url ?? setting('COUNTERSIGN_URL');
  const isElsewhere = given !== undefined && given !== state?.apiUrl;
  const service: Service = {
    url: given ?? state?.apiUrl,
    keys: asked.keys ?? givenOrSeededKeys(home),
  };
  const checks: readonly (readonly [string, () => Found | Promise<Found>])[] = [
    ['Node', () => checkNode()],
    ['build', checkBuild],
    ['processes', () => checkProcesses(home, state, isElsewhere)],
    ['database', () => checkDatabase(state)],
    ['Temporal', () => checkTemporal(state)],
    ['API', () => checkApi(service)],
    ['agreements', () => checkAgreements(service)],
    ['prices', () => checkPrices(service)],
    ['keys', () => checkKeys(service)],
  ];
  return await Promise.all(
    checks.map(async ([name, check]): Promise<Check> => {
      try {
        return { name, ...(await check()) };
      } catch (error) {
        return {
          name,
          verdict: 'fail',
          detail: reasonOf(error),
          remedy: 'report this: no check should end so',
        };
      }
    }),
  );
}

function givenOrSeededKeys(home: string): string[] {
  const given = setting('COUNTERSIGN_KEY');
  if (given !== undefined) return [given];
  const people = readPeople(join(home, 'tokens.json'));
  return CAST_NAMES.flatMap((name) => people[name]?.token ?? []);
}
