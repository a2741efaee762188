/** Blocks a proposal whose citations are not in the input, or that settles a criterion without one. */
import { defineEval, type EvalContext, type EvalResult, type SourceSpan } from '../../../contract/pack';
import { privilegeGrantPayload } from '../record-types/privilege-grant';
import { isGrounded } from './grounding';

function fail(reason: string): EvalResult {
  return { verdict: 'fail', severity: 'block', reason };
}

const PASSED: EvalResult = { verdict: 'pass', severity: 'block', reason: 'Every citation is at its place.' };

/** A fact without a receipt may be shown beside an unknown; it settles nothing. */
function settles(source: SourceSpan): boolean {
  return source.receipt_id !== undefined || source.quote !== undefined;
}

function groundedAll(sources: readonly SourceSpan[], { input, passages }: EvalContext): boolean {
  return sources.every((source) => isGrounded(source, input, passages));
}

/** For a criteria check: every source of every criterion, and at least one that settles where a status is given. */
export const criteriaGrounded = defineEval({
  name: 'credentialing.criteria_grounded',
  version: 1,
  evaluate: (context) => {
    const payload = privilegeGrantPayload.safeParse(context.proposal.payload);
    if (!payload.success) return fail('The answer does not have the shape of a criteria check.');
    if (!groundedAll(context.proposal.sources, context)) return fail('A citation is not in the input.');
    for (const answer of payload.data.criteria) {
      if (!groundedAll(answer.sources, context))
        return fail('A citation of a criterion is not in the input.');
      if (answer.status !== 'unknown' && !answer.sources.some(settles))
        return fail('A criterion is settled without a source.');
    }
    return PASSED;
  },
});

/** For everything else that cites: at least one source, and each of them where it says that it is. */
export const citationsGrounded = defineEval({
  name: 'credentialing.citations_grounded',
  version: 1,
  evaluate: (context) => {
    if (!context.proposal.sources.some(settles)) return fail('Nothing is cited.');
    return groundedAll(context.proposal.sources, context) ? PASSED : fail('A citation is not in the input.');
  },
});
