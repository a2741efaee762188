/**
 * The confidence of a criteria check is the share of its criteria that are settled by verified facts alone, in per
 * mille, rounded down. A model does not get to feel sure: the share is counted again from the answer and the input.
 */
import { defineEval } from '../../../contract/pack';
import { privilegeGrantPayload, type CriterionAnswer } from '../record-types/privilege-grant';
import { verifiedRecordOf } from './grounding';

function isSettledByVerifiedFacts(
  answer: CriterionAnswer,
  input: Readonly<Record<string, unknown>>,
): boolean {
  if (answer.status === 'unknown' || answer.sources.length === 0) return false;
  return answer.sources.every((source) => verifiedRecordOf(source, input) !== null);
}

export const confidenceAsDefined = defineEval({
  name: 'credentialing.confidence_as_defined',
  version: 1,
  judges: 'reading',
  evaluate: ({ input, output, proposal }) => {
    const fail = (reason: string) => ({ verdict: 'fail', severity: 'block', reason }) as const;
    const payload = privilegeGrantPayload.safeParse(proposal.payload);
    if (!payload.success) return fail('The answer does not have the shape of a criteria check.');
    const { criteria, trust_record_ids: ids } = payload.data;
    const settled = criteria.filter((answer) => isSettledByVerifiedFacts(answer, input));
    const share = Math.floor((1000 * settled.length) / criteria.length);
    if (proposal.confidence_permille !== share || output.confidence_permille !== share)
      return fail('The confidence is not the share of criteria settled by verified facts.');
    const used = new Set(
      settled.flatMap((answer) => answer.sources.map((source) => verifiedRecordOf(source, input))),
    );
    if (ids.length !== used.size || !ids.every((id) => used.has(id)))
      return fail('The trust records named are not those that settle a criterion.');
    return { verdict: 'pass', severity: 'block', reason: 'The confidence equals its definition.' };
  },
});
