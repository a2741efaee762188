/** The terms that all gates of a farm share; only the words differ by record type. */
import type { GateTerms } from '../../contract/pack';

export const FARM_REASON_CODES: readonly string[] = [
  'correct',
  'wrong_number',
  'duplicate',
  'not_ours',
  'other',
];

type Words = Pick<GateTerms, 'question' | 'ifApproved' | 'ifRejected'>;

/** One seat and no separation, because a farm of one person confirms its own records; a reason is one tap. */
export function farmGate(words: Words): GateTerms {
  return {
    ...words,
    role: 'reviewer',
    seats: 1,
    separation: 'none',
    reminderAfter: 'P1D',
    chain: [{ after: 'P3D', role: 'admin' }],
    expiresAfter: 'P14D',
    rationale: 'reason_code',
    reasonCodes: FARM_REASON_CODES,
    dispositions: [],
  };
}
