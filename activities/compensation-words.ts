import type { RecordType } from '../contract/pack';
import type { LoadedAnswer } from './loaded-answer';

const QUESTIONS = { correct: 'Correct a record', undo: 'Undo a record' } as const;
const IF_APPROVED = {
  correct:
    'What you see stands in place of the earlier record, and what that one led to is taken back. Its row stays and says so.',
  undo: 'The record counts no longer, and what it led to is taken back. Its row stays and says so.',
} as const;

/** What a gate that corrects or undoes a record asks: the record as it shall be, or the one that shall count no longer. */
export function compensationWords(
  { input, tenant }: Pick<LoadedAnswer, 'input' | 'tenant'>,
  { act, payload: recorded }: NonNullable<LoadedAnswer['compensation']>,
  recordType: RecordType,
): {
  /** JSON. */
  readonly payload: string;
  readonly question: string;
  readonly if_approved: string;
  readonly if_rejected: string;
} {
  const payload = act === 'undo' ? recorded : JSON.stringify(input.payload);
  const asked = recordType.gate.question(JSON.parse(payload) as Record<string, unknown>, tenant);
  return {
    payload,
    question: `${QUESTIONS[act]}: ${asked}`,
    if_approved: IF_APPROVED[act],
    if_rejected: 'The record stands as it is.',
  };
}
