import type { ErrorCode } from '../contract/errors';
import { callInTenant } from '../db/transaction';
import { beating } from './beating';
import { compareAnswers, declaredNames } from './compare-answers';
import type { ActivityDependencies } from './dependencies';
import { UNBEGUN_MS_MAX } from './gateway/patience';
import { answerJsonSchema } from './gateway/providers/json-schema';
import { createRepeater, type ReplayReference, type TwoAnswers } from './gateway/repeat';

export interface ReplayEnding {
  readonly outcome: 'compared' | 'failed' | 'closed';
}

/**
 * Repeats the stored prompt of a call and says how the answers compare. It can be killed at any point and called again: an
 * answer that came is not asked for twice.
 */
export function createRepeatCall(
  dependencies: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
) {
  const { database, registry } = dependencies;
  const repeat = createRepeater(dependencies);

  return async (reference: ReplayReference): Promise<ReplayEnding> => {
    const repeated = await beating(UNBEGUN_MS_MAX, (signal, patience) => repeat(reference, signal, patience));
    if (repeated === 'closed') return { outcome: 'closed' };
    const result = 'code' in repeated ? { code: repeated.code } : comparison(repeated);
    return await close(database, reference, result);
  };

  function comparison({ stored, output, purpose, purpose_version: version }: TwoAnswers) {
    const { fieldsCompared, fieldsDiffering, differing } = compareAnswers(
      JSON.parse(stored),
      JSON.parse(output),
      namesOf(purpose, version),
    );
    return { fields_compared: fieldsCompared, fields_differing: fieldsDiffering, differing };
  }

  /** None of a version that no pack declares any more: its fields are compared all the same, and not named. */
  function namesOf(purpose: string, version: number): ReadonlySet<string> {
    try {
      return declaredNames(answerJsonSchema(registry.purpose(purpose, version).output));
    } catch {
      return new Set();
    }
  }
}

/** Ends a replay that can't be carried out, e.g. because what is stored is not what was hashed. */
export function createEndReplay({ database }: Pick<ActivityDependencies, 'database'>) {
  return async ({
    code,
    ...reference
  }: ReplayReference & { readonly code: ErrorCode }): Promise<ReplayEnding> =>
    await close(database, reference, { code });
}

async function close(
  database: ActivityDependencies['database'],
  { tenantId, replayId }: ReplayReference,
  result: object,
): Promise<ReplayEnding> {
  return await callInTenant<ReplayEnding>(database, tenantId, 'select app.close_replay($1, $2)', [
    replayId,
    JSON.stringify(result),
  ]);
}
