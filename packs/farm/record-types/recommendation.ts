import { z } from 'zod';
import { defineRecordType } from '../../../contract/pack';
import { label, prose, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { sourceSpan } from '../output';
import { stillOpen, text } from '../wording';

const schemas = recordSchemas(
  { title: label, advice: prose, sources: z.array(sourceSpan).min(1).max(20) },
  {},
);

/** Advice with its sources. It writes nothing; agreeing to it only says that a person stands behind it. */
export const recommendation = defineRecordType({
  name: 'recommendation',
  version: 1,
  class: 'clinical',
  kind: 'recommendation',
  effect: 'advice',
  ...schemas,
  gate: farmGate({
    question: (payload) =>
      `Follow the advice “${text(payload, 'title') ?? ''}”?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The advice is marked as followed. No record is written.',
    ifRejected: 'The advice is marked as not followed. No record is written.',
  }),
});
