/** A fact about a person, read from a document. A person may promote it to tier 3 (processed) and no further. */
import { z } from 'zod';
import { defineRecordType } from '../../../contract/pack';
import { calendarDate, dateAsRead, factValues } from '../shapes';

/** A fact of a document is imported (1), attested (2) or processed (3); 4 and 5 are never given by reading. */
const head = { subject_id: z.string().min(1).max(100), tier: z.int().min(1).max(3) };
const text = z.string().min(1).max(200);
const openText = text.nullish();
const openDate = dateAsRead.nullish();

/** What the reader may propose: it leaves out what it did not dare to fill; a date may stand as the document has it. */
export const trustFactDraft = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('licence'),
    value: z.strictObject({ state: openText, number: openText, status: openText, expires_on: openDate }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('board_certification'),
    value: z.strictObject({ board: openText, status: openText, expires_on: openDate }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('training'),
    value: z.strictObject({ level: openText, programme: openText, from: openDate, until: openDate }),
  }),
]);

/** A training's dates are often years alone. */
const dateOrYear = z.union([calendarDate, z.string().regex(/^\d{4}$/)]);

/** What may be written: complete, and with dates as `YYYY-MM-DD`. */
export const trustFactRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('licence'),
    value: factValues.licence.required({ number: true, expires_on: true }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('board_certification'),
    value: factValues.board_certification.extend({ expires_on: calendarDate.nullish() }),
  }),
  z.strictObject({
    ...head,
    kind: z.literal('training'),
    value: z.strictObject({
      level: z.enum(['degree', 'internship', 'residency', 'fellowship']),
      programme: text,
      from: dateOrYear.nullish(),
      until: dateOrYear,
    }),
  }),
]);

const KIND_WORDS: Readonly<Record<string, string>> = {
  licence: 'licence',
  board_certification: 'board certification',
  training: 'training',
};

export const trustFact = defineRecordType({
  name: 'trust_fact',
  version: 1,
  class: 'credentialing',
  kind: 'draft',
  effect: 'trust_fact',
  draft: trustFactDraft,
  record: trustFactRecord,
  requiredFields: ['subject_id', 'kind', 'value', 'tier'],
  subjectField: 'subject_id',
  gate: {
    question: (payload) =>
      `Enter this ${KIND_WORDS[String(payload['kind'])] ?? 'fact'}, as the document states it, ` +
      `as a processed fact about ${String(payload['subject_id'])}?`,
    ifApproved:
      'The fact is entered at tier 3 (processed). It is not source-verified: only its source can do that.',
    ifRejected: 'Nothing is entered, and the document stays as it is.',
    role: 'reviewer',
    seats: 1,
    separation: 'second_person',
    reminderAfter: 'P2D',
    chain: [{ after: 'P5D', role: 'senior' }],
    expiresAfter: 'P30D',
    rationale: 'text',
    reasonCodes: [],
    dispositions: [],
  },
});
