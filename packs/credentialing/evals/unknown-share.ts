/** Warns the reviewer when more than half of the criteria are unknown: the packet is thin. */
import { defineEval } from '../../../contract/pack';
import { privilegeGrantPayload } from '../record-types/privilege-grant';

const UNKNOWN_SHARE_PERMILLE_MAX = 500;

export const unknownShare = defineEval({
  name: 'credentialing.unknown_share',
  version: 1,
  evaluate: ({ proposal }) => {
    const payload = privilegeGrantPayload.safeParse(proposal.payload);
    const criteria = payload.success ? payload.data.criteria : [];
    const unknown = criteria.filter((answer) => answer.status === 'unknown').length;
    const high = criteria.length === 0 || 1000 * unknown > UNKNOWN_SHARE_PERMILLE_MAX * criteria.length;
    return high
      ? { verdict: 'fail', severity: 'flag', reason: 'More than half of the criteria are unknown.' }
      : { verdict: 'pass', severity: 'flag', reason: 'At most half of the criteria are unknown.' };
  },
});
