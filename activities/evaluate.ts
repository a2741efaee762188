import type { EvalContext, ModelOutput, Purpose } from '../contract/pack';
import { route, type Routing } from '../contract/policy/routing';
import { callInTenant } from '../db/transaction';
import type { Registry } from '../packs/registry';
import type { ActivityDependencies } from './dependencies';
import { loadAnswer, seenDocument, type LoadedAnswer } from './loaded-answer';
import { permilleOrNull, readOutput } from './read-output';
import type { RunReference } from './run-reference';

export interface EvaluateAnswer {
  readonly outcome: 'evaluated' | 'closed';
  readonly routing: Routing;
}

interface EvalRow {
  readonly ordinal: number;
  readonly name: string;
  readonly version: number;
  readonly verdict: 'pass' | 'fail';
  readonly severity: 'block' | 'flag';
  readonly reason: string;
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
    const rows = output ? evaluateOutput(answer, purpose, registry, output) : [UNREADABLE];
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

/** The answer as a whole does not fit its schema: nothing of it is shown. */
const UNREADABLE: EvalRow = {
  ordinal: 0,
  name: 'output_conforms',
  version: 1,
  verdict: 'fail',
  severity: 'block',
  reason: 'The answer does not fit the schema of the purpose.',
};

function evaluateOutput(
  answer: LoadedAnswer,
  purpose: Purpose,
  registry: Registry,
  output: ModelOutput,
): EvalRow[] {
  const { input, passages } = seenDocument(answer);
  return output.proposals.flatMap((proposal, ordinal) => {
    const recordType = registry.recordType(proposal.record_type);
    const context: EvalContext = {
      tenant: answer.tenant,
      input,
      passages,
      output,
      proposal,
      recordType: purpose.recordTypes.includes(proposal.record_type) ? recordType : undefined,
    };
    return purpose.evals.map(({ name, version, evaluate }) => ({
      ordinal,
      name,
      version,
      ...evaluate(context),
    }));
  });
}
