/** Blocks a criteria check that leaves out, repeats or invents a criterion, or that is about somebody else. */
import { z } from 'zod';
import { defineEval } from '../../../contract/pack';
import { privilegeGrantPayload } from '../record-types/privilege-grant';

const askedFor = z.looseObject({
  subject: z.looseObject({ id: z.string() }),
  privilege: z.looseObject({ code: z.string() }),
  criteria: z.array(z.looseObject({ code: z.string() })),
});

export const criteriaAnsweredOnce = defineEval({
  name: 'credentialing.criteria_answered_once',
  version: 1,
  evaluate: ({ input, output, proposal }) => {
    const fail = (reason: string) => ({ verdict: 'fail', severity: 'block', reason }) as const;
    const asked = askedFor.safeParse(input);
    const answered = privilegeGrantPayload.safeParse(proposal.payload);
    if (!asked.success || !answered.success)
      return fail('The answer does not have the shape of a criteria check.');
    if (output.proposals.length !== 1) return fail('A packet has exactly one criteria check.');
    if (
      answered.data.subject_id !== asked.data.subject.id ||
      answered.data.privilege_code !== asked.data.privilege.code
    )
      return fail('The check is about another person or another privilege.');
    const codesAsked = asked.data.criteria.map((one) => one.code).sort();
    const codesAnswered = answered.data.criteria.map((one) => one.code).sort();
    if (JSON.stringify(codesAsked) !== JSON.stringify(codesAnswered))
      return fail('Not every criterion of the packet is answered exactly once.');
    for (const status of ['met', 'not_met', 'unknown'] as const) {
      if (answered.data.criteria.filter((one) => one.status === status).length !== answered.data[status])
        return fail('The counts differ from the answers.');
    }
    return { verdict: 'pass', severity: 'block', reason: 'Every criterion is answered exactly once.' };
  },
});
