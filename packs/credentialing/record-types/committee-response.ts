/** A draft of an answer to a committee's question. It gathers what the file shows; it never takes the decision. */
import { z } from 'zod';
import { defineRecordType } from '../../../contract/pack';

const payload = z.strictObject({
  subject_id: z.string().min(1).max(100),
  committee: z.string().min(1).max(200),
  body: z.string().min(1).max(20_000),
  open_points: z.array(z.string().min(1).max(600)).max(30),
});

export const committeeResponse = defineRecordType({
  name: 'committee_response',
  version: 1,
  class: 'credentialing',
  kind: 'draft',
  effect: 'record',
  draft: payload,
  record: payload,
  requiredFields: ['subject_id', 'committee', 'body'],
  subjectField: 'subject_id',
  gate: {
    question: (record) =>
      `Record this answer to ${String(record['committee'])} about ${String(record['subject_id'])}?`,
    ifApproved: 'The answer is recorded under your name, as you approved it. Nothing is sent by itself.',
    ifRejected: 'The draft is discarded, and the question stays unanswered.',
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
