/** Blocks a fact whose number, board or programme is not in the words that it cites. */
import { defineEval } from '../../../contract/pack';
import { trustFactDraft } from '../record-types/trust-fact';

const VERBATIM = ['number', 'board', 'programme'] as const;

export const readAsWritten = defineEval({
  name: 'credentialing.read_as_written',
  version: 1,
  evaluate: ({ proposal, input }) => {
    const fail = (reason: string) => ({ verdict: 'fail', severity: 'block', reason }) as const;
    const payload = trustFactDraft.safeParse(proposal.payload);
    if (!payload.success) return fail('The answer does not have the shape of a fact.');
    const subject = input['subject'];
    const id = typeof subject === 'object' && subject !== null && 'id' in subject ? subject.id : undefined;
    if (payload.data.subject_id !== id) return fail('The fact is about another person.');
    const value: Readonly<Record<string, unknown>> = payload.data.value;
    for (const field of VERBATIM) {
      const written = value[field];
      if (typeof written !== 'string') continue;
      if (!proposal.sources.some((source) => source.quote?.includes(written) ?? false))
        return fail('A value is not in the words that are cited for it.');
    }
    return { verdict: 'pass', severity: 'block', reason: 'The values are in the words that are cited.' };
  },
});
