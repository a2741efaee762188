import { route, type Routing } from '../contract/policy/routing';
import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import { judge } from './judge';
import { loadAnswer, seenDocument } from './loaded-answer';
import { permilleOrNull, readOutput } from './read-output';
import type { RunReference } from './run-reference';

export interface EvaluateAnswer {
  readonly outcome: 'evaluated' | 'closed';
  readonly routing: Routing;
}

/** Step 4: rule-based evals over every proposal, and where the answer goes by its confidence. */
export function createEvaluate({ database, registry }: ActivityDependencies) {
  return async ({
    tenantId,
    runId,
    advisorAsked,
  }: RunReference & { readonly advisorAsked: boolean }): Promise<EvaluateAnswer> => {
    const answer = await loadAnswer(database, { tenantId, runId });
    if (answer.state === 'closed' || answer.withdrawn) return { outcome: 'closed', routing: 'reviewer' };
    const purpose = registry.purpose(answer.purpose, answer.purpose_version);
    const output = readOutput(purpose, answer.output);
    const rows = judge({ purpose, registry, tenant: answer.tenant, seen: seenDocument(answer), output });
    // No confidence, or an impossible one, is none.
    const confidencePermille = permilleOrNull(output?.confidence_permille ?? 0) ?? 0;
    await callInTenant(database, tenantId, 'select app.record_evaluation($1, $2, $3, $4)', [
      runId,
      answer.ai_run_id,
      confidencePermille,
      JSON.stringify(rows),
    ]);
    if (output?.proposals.length === 0) return { outcome: 'evaluated', routing: 'reviewer' };
    const routing = route({
      confidencePermille,
      thresholdPermille: answer.policy.confidence_threshold_permille ?? purpose.confidenceThresholdPermille,
      advisorAsked,
      hasAdvisor: purpose.advisor !== undefined,
      advisorRequired: answer.policy.require_advisor_for_low_confidence,
    });
    return { outcome: 'evaluated', routing };
  };
}
