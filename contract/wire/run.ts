import { z } from 'zod';
import {
  ADVISORY_STATES,
  DRAFT_STATES,
  PROPOSAL_KINDS,
  RECORD_CLASSES,
  RUN_OUTCOMES,
  RUN_STATES,
} from '../states';
import { STEPS } from '../steps';
import { id, instant, jsonObject, listQuery, natural64, permille, sha256, text } from './primitives';

/** A span that supports a claim. */
export const source = z.object({
  field: z.string().optional(),
  passage_id: z.string().optional(),
  receipt_id: z.string().optional(),
  page: z.int().optional(),
  start: z.int().optional(),
  end: z.int().optional(),
  quote: z.string().optional(),
});

/** One record that would be written, or one piece of advice. Content is null for those who may not read it. */
export const proposal = z
  .object({
    id,
    kind: z.enum(PROPOSAL_KINDS),
    record_type: z.string(),
    recorded_as: z.string().nullable().meta({
      description: 'The record type that was written; by hand another one may be chosen. Null until then',
    }),
    class: z.enum(RECORD_CLASSES),
    payload: jsonObject.nullable(),
    content_id: id.meta({ description: 'Of the payload, for an auditor to read' }),
    sources: z.array(source),
    missing: z.array(z.string()).meta({ description: 'Fields that were left open rather than guessed' }),
    hash: sha256,
    confidence: permille.nullable(),
    state: z.enum([...DRAFT_STATES, 'approved', 'rejected', 'lapsed', 'advised']).nullable(),
    outcome: z
      .enum(['approved', 'applied', 'rejected', 'expired', 'withdrawn', 'advised', 'blocked'])
      .nullable(),
    possible_duplicate_of: id.nullable(),
    gate: id.nullable(),
    created_at: instant,
  })
  .meta({ id: 'Proposal' });
export type Proposal = z.infer<typeof proposal>;

/** What somebody thought of an answer. */
export const feedback = z.object({
  id,
  user_id: id,
  thumb: z.enum(['up', 'down']),
  comment: z.string().nullable(),
  content_id: id.nullable().meta({ description: 'Of the comment, for an auditor to read' }),
  at: instant,
});
export type Feedback = z.infer<typeof feedback>;

/** One request to a purpose. In a list, `proposals` and `feedback` are empty and `input` is null. */
export const run = z
  .object({
    id,
    purpose: z.string(),
    purpose_version: z.int(),
    state: z.enum(RUN_STATES),
    step: z.enum(STEPS),
    outcome: z.enum(RUN_OUTCOMES).nullable(),
    code: z.string().nullable().meta({ description: 'Why it was refused, or failed' }),
    advisory: z.enum(ADVISORY_STATES).nullable(),
    requested_by: id,
    subject_user_id: id.nullable(),
    resend_of: id.nullable().meta({ description: 'The refused or failed run that is sent again here' }),
    by_hand_of: id.nullable().meta({ description: 'The refused or failed run that a person records here' }),
    compensates_record_id: id.nullable().meta({ description: 'The record that is corrected or undone here' }),
    compensation_act: z.enum(['correct', 'undo']).nullable(),
    confidence: permille.nullable(),
    workflow_id: z.string(),
    created_at: instant,
    closed_at: instant.nullable(),
    withdrawn_at: instant.nullable(),
    input: jsonObject.nullable(),
    input_content_id: id,
    proposals: z.array(proposal),
    feedback: z.array(feedback).meta({ description: 'The oldest first; in GET /v1/runs/{id} only' }),
    credits: z.object({
      reserved: natural64,
      actual: natural64.nullable(),
      deducted: natural64.nullable(),
      shortfall: natural64.nullable(),
    }),
    cost_nano_usd: natural64,
    tokens: z.object({ input: natural64, output: natural64 }),
    calls: natural64,
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof run>;

/** Asks a purpose. `input` is checked against the purpose's own schema: see GET /v1/purposes/{name}. */
export const runRequest = z
  .strictObject({ purpose: text(100), input: jsonObject })
  .meta({ id: 'RunRequest' });
export type RunRequest = z.infer<typeof runRequest>;

export const runQuery = listQuery.extend({
  state: z.enum(RUN_STATES).optional(),
  outcome: z.enum(RUN_OUTCOMES).optional(),
  purpose: z.string().max(100).optional(),
});

/** Records by hand what was refused or failed: as one record of a type that its purpose may propose. */
export const byHandRequest = z.strictObject({ record_type: text(60) }).meta({ id: 'ByHandRequest' });

export const withdrawal = z
  .object({ run_id: id, outcome: z.literal('withdrawn') })
  .meta({ id: 'Withdrawal' });
export type Withdrawal = z.infer<typeof withdrawal>;

export const feedbackRequest = z
  .strictObject({ thumb: z.enum(['up', 'down']), comment: text(2000).optional() })
  .meta({ id: 'FeedbackRequest' });
