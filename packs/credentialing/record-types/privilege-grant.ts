/** A privilege of a person: proposed as a criteria check, granted, conditioned, denied or deferred by two people. */
import { z } from 'zod';
import { defineRecordType } from '../../../contract/pack';
import { sourceSpan } from '../output';

/** One criterion's answer, with the passages or receipts that show it. */
export const criterionAnswer = z.strictObject({
  code: z.string().min(1).max(64),
  label: z.string().min(1).max(300),
  status: z.enum(['met', 'not_met', 'unknown']),
  reason: z.string().min(1).max(600),
  sources: z.array(sourceSpan).max(500),
});
export type CriterionAnswer = z.infer<typeof criterionAnswer>;

const counted = z.int().min(0).max(20);

/** Names are tokens while the payload is outside the perimeter. The disposition is the reviewers' and not in here. */
export const privilegeGrantPayload = z.strictObject({
  subject_id: z.string().min(1).max(100),
  subject_name: z.string().min(1).max(300).optional(),
  privilege_code: z.string().min(1).max(64),
  privilege_title: z.string().min(1).max(300).optional(),
  criteria: z.array(criterionAnswer).min(1).max(20),
  met: counted,
  not_met: counted,
  unknown: counted,
  trust_record_ids: z.array(z.uuid()).max(100),
});

function countsMatch(payload: z.infer<typeof privilegeGrantPayload>): boolean {
  return (['met', 'not_met', 'unknown'] as const).every(
    (status) => payload.criteria.filter((answer) => answer.status === status).length === payload[status],
  );
}

/** The first of the payload's fields that holds words. */
function words(payload: Readonly<Record<string, unknown>>, ...fields: readonly string[]): string {
  for (const field of fields) {
    const value = payload[field];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return 'not named';
}

export const privilegeGrant = defineRecordType({
  name: 'privilege_grant',
  version: 1,
  class: 'privileging',
  kind: 'recommendation',
  effect: 'privilege_grant',
  draft: privilegeGrantPayload,
  record: privilegeGrantPayload.refine(countsMatch, 'met, not_met and unknown count the criteria'),
  requiredFields: [
    'subject_id',
    'privilege_code',
    'criteria',
    'met',
    'not_met',
    'unknown',
    'trust_record_ids',
  ],
  subjectField: 'subject_id',
  gate: {
    question: (payload) =>
      `Grant ${words(payload, 'privilege_title', 'privilege_code')} to ${words(payload, 'subject_name', 'subject_id')}?`,
    ifApproved:
      'When two people have approved, the disposition that they chose is entered: the privilege is granted, ' +
      'granted with conditions, denied or deferred.',
    ifRejected:
      'Nothing is entered: the privilege stays as it is, and the request is closed with your reasons.',
    role: 'reviewer',
    seats: 2,
    separation: 'n_of_m',
    reminderAfter: 'P2D',
    chain: [{ after: 'P5D', role: 'senior' }],
    expiresAfter: 'P30D',
    rationale: 'text',
    rationaleParts: [
      { name: 'reasons', prompt: 'Why, in your own words' },
      {
        name: 'conditions',
        prompt: 'The conditions, until when they hold, and who sees that they are met',
        dispositions: ['grant_with_conditions'],
      },
      {
        name: 'basis',
        prompt: 'The criterion that is not met, and what shows it',
        dispositions: ['deny'],
      },
      { name: 'awaited', prompt: 'What is awaited, from whom and by when', dispositions: ['defer'] },
    ],
    reasonCodes: [],
    dispositions: ['grant', 'grant_with_conditions', 'deny', 'defer'],
  },
});
