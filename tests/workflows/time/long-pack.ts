import { z } from 'zod';
import { definePack, definePurpose, defineRecordType } from '../../../contract/pack';
import { modelOutput } from '../../../packs/farm/output';
import { userDocument } from '../../../packs/farm/user-document';
import { MATRIX_MODEL } from './matrix-pack';

/* A pack whose one gate stays open for ninety days. */

export const LONG_PURPOSE = 'long.wait';
export const LONG_TYPE = 'long_wait';
/** In days from the opening, in the tenant's time zone. */
export const LONG_ACTS = [
  { type: 'gate.reminded', days: 7 },
  { type: 'gate.escalated', days: 30 },
  { type: 'gate.reminded', days: 60 },
  { type: 'gate.escalated', days: 75 },
  { type: 'gate.expired', days: 90 },
] as const;

const payload = z.strictObject({ text: z.string().min(1).max(200) });

const recordType = defineRecordType({
  name: LONG_TYPE,
  version: 1,
  class: 'financial',
  kind: 'draft',
  effect: 'record',
  draft: payload,
  record: payload,
  requiredFields: ['text'],
  gate: {
    question: () => 'Record what was asked for three months?',
    ifApproved: 'It is recorded.',
    ifRejected: 'It is discarded.',
    role: 'reviewer',
    seats: 1,
    separation: 'second_person',
    reminderAfter: ['P7D', 'P60D'],
    chain: [
      { after: 'P30D', role: 'senior' },
      { after: 'P75D', role: 'admin' },
    ],
    expiresAfter: 'P90D',
    rationale: 'reason_code',
    reasonCodes: ['correct', 'other'],
    dispositions: [],
  },
});

export const longPack = definePack({
  name: 'long',
  recordTypes: [recordType],
  purposes: [
    definePurpose({
      name: LONG_PURPOSE,
      version: 1,
      title: 'A gate that stays open for three months',
      input: z.strictObject({ record_type: z.string(), text: z.string() }),
      example: { record_type: LONG_TYPE, text: 'A first one' },
      allowList: { record_type: { rule: 'pass' }, text: { rule: 'pass' } },
      prompt: (context) => ({ system: 'Propose it.', user: userDocument(LONG_PURPOSE, context) }),
      output: modelOutput,
      recordTypes: [LONG_TYPE],
      evals: [],
      model: MATRIX_MODEL,
      bounds: { maxInputTokens: 1_000, maxOutputTokens: 1_000, maxPromptCharacters: 4_000 },
      price: { primary: 1, advisor: 0 },
      confidenceThresholdPermille: 0,
      phi: false,
      manual: { recordType: LONG_TYPE },
    }),
  ],
});
