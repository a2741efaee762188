import { z } from 'zod';
import { ACTOR_KINDS, DISPOSITIONS, INTENT_OUTCOMES, RECORD_CLASSES, VERDICTS } from '../states';
import { id, instant, jsonObject, listQuery, sha256, text } from './primitives';

/** A verdict on exactly what the reviewer saw: version and hash of the gate, and the record as edited. */
export const decisionRequest = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    rationale: text(4000).optional(),
    reason_code: text(60).optional(),
    disposition: z.enum(DISPOSITIONS).optional(),
    record_type: text(60).optional().meta({
      description: "One of the gate's `record_types`; needed of an approval where it has several",
    }),
    on_behalf_of: id.optional().meta({
      description: 'In whose place, by a delegation that holds now: their roles count, and both of you sit',
    }),
    gate_version: z.int().min(1),
    proposal_hash: sha256,
    shown_hash: sha256.meta({ description: 'Of GET /v1/gates/{id}: the view that the verdict is about' }),
    edits: jsonObject.optional().meta({
      description: 'The whole record as it shall be written; needed where the gate is manual',
    }),
  })
  .meta({ id: 'DecisionRequest' });
export type DecisionRequest = z.infer<typeof decisionRequest>;

/** An applied verdict. `rationale` and `edits` are null for those who may not read content. */
export const decision = z
  .object({
    id,
    gate_id: id,
    run_id: id,
    proposal_id: id,
    record_type: z
      .string()
      .meta({ description: 'What the decision is about; of an approval, what it writes' }),
    class: z.enum(RECORD_CLASSES),
    gate_version: z.int(),
    verdict: z.enum(VERDICTS),
    actor_kind: z.enum(ACTOR_KINDS),
    actor_user_id: id.meta({ description: 'Of a system act: the person who set the policy' }),
    on_behalf_of: id.nullable().meta({ description: 'In whose place the person decided, by a delegation' }),
    delegation_id: id.nullable(),
    authority_policy_version: z.int().nullable(),
    intent_id: id.nullable(),
    ai_advisory_id: id.nullable(),
    manual: z.boolean(),
    proposal_hash: sha256,
    shown_hash: sha256.nullable(),
    disposition: z.enum(DISPOSITIONS).nullable(),
    reason_code: z.string().nullable(),
    rationale: z.string().nullable(),
    rationale_content_id: id.nullable(),
    edits: jsonObject.nullable(),
    edits_content_id: id.nullable(),
    self_confirmed: z.boolean(),
    decided_at: instant,
    auth_method: z.enum(['local_token', 'oidc']).nullable(),
    key_id: z.string().nullable().meta({ description: 'The key that proved the person' }),
    key_created_by: id.nullable().meta({ description: 'Who made that key; null when the system made it' }),
    stored_at: instant.nullable().meta({ description: 'When the verdict was accepted' }),
    record_ids: z.array(id),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decision>;

export const decisionQuery = listQuery.extend({
  class: z.enum(RECORD_CLASSES).optional(),
  actor: id.optional(),
  run_id: id.optional(),
  from: instant.optional(),
  to: instant.optional(),
  sample: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Draws this many by `seed`' }),
  seed: z.string().min(1).max(100).optional(),
});

/** A stored verdict, and what became of it. */
export const intent = z
  .object({
    id,
    gate_id: id,
    run_id: id,
    gate_version: z.int(),
    verdict: z.enum(VERDICTS),
    actor_user_id: id,
    stored_at: instant,
    outcome: z.enum(INTENT_OUTCOMES).nullable().meta({ description: 'Null until it is applied or refused' }),
    code: z.string().nullable(),
    decision_id: id.nullable(),
    answered_at: instant.nullable(),
  })
  .meta({ id: 'Intent' });
export type Intent = z.infer<typeof intent>;
