import { z } from 'zod';
import { ACTOR_KINDS, DISPOSITIONS, INTENT_OUTCOMES, RECORD_CLASSES, VERDICTS } from '../states';
import { gateView } from './delegation';
import { id, instant, jsonObject, listOf, listQuery, natural64, sha256, text } from './primitives';

/** A verdict on exactly what the reviewer saw: version and hash of the gate, and the record as edited. */
export const decisionRequest = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    rationale: text(4000).optional(),
    rationale_parts: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,59}$/), text(4000))
      .optional()
      .meta({
        description:
          "By name, where the gate's `rationale_parts` ask for more than `rationale`, which is the first of them",
      }),
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
      description:
        'The whole record as it shall be written; needed where the gate is manual. An amount may be written as people do, ' +
        "under the field's name without its unit: `total` for `total_minor`",
    }),
    proof: z
      .string()
      .regex(/^[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}$/)
      .optional()
      .meta({
        description: 'Of POST /v1/reauthentications, made for this very verdict, where the gate asks for it',
      }),
  })
  .meta({ id: 'DecisionRequest' });
export type DecisionRequest = z.infer<typeof decisionRequest>;

/** Proves anew who decides, for one verdict in these very words: the caller's key is presented once more, whole. */
export const reauthenticationRequest = z
  .strictObject({ gate_id: id, key: text(200), decision: decisionRequest.omit({ proof: true }) })
  .meta({ id: 'ReauthenticationRequest' });

export const reauthentication = z
  .object({
    proof: z.string().meta({ description: 'Shown this once; good for that verdict alone, once' }),
    gate_id: id,
    expires_at: instant,
  })
  .meta({ id: 'Reauthentication' });

/** JSON Patch (RFC 6902). */
export const jsonPatch = z
  .array(
    z.looseObject({ op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']), path: z.string() }),
  )
  .meta({ id: 'JsonPatch' });

/** What a reason in words consists of, as it was given. */
export const rationalePart = z.object({ name: z.string(), prompt: z.string(), text: z.string() });

/** A person's signature: whose, when and what it means, bound to the proposal and the view by their hashes. */
export const signature = z
  .object({
    printed_name: z.string().nullable().meta({ description: 'As it was when they signed' }),
    meaning: z.enum(['approval', 'authorship', 'rejection', 'review']),
    signed_at: instant,
    proposal_hash: sha256,
    shown_hash: sha256,
    reauthenticated_at: instant
      .nullable()
      .meta({ description: 'When they proved anew who they are, for it' }),
  })
  .meta({ id: 'Signature' });

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
    class: z.enum(RECORD_CLASSES).meta({ description: 'Of that record type' }),
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
    rationale_parts: z.array(rationalePart),
    edits: jsonObject.nullable(),
    original: jsonObject.nullable().meta({ description: 'What was edited, as it was proposed' }),
    patch: jsonPatch
      .nullable()
      .meta({ description: 'From the original to the edits, computed of what is stored' }),
    signature: signature.nullable().meta({ description: 'Of a person; a system act has none' }),
    edits_content_id: id.nullable(),
    view: gateView.omit({ user_id: true }).nullable().meta({
      description: 'What that person thought before they were shown the model, where the gate asked for it',
    }),
    self_confirmed: z.boolean(),
    decided_at: instant,
    auth_method: z.enum(['local_token', 'oidc']).nullable(),
    key_id: z.string().nullable().meta({ description: 'The key that proved the person' }),
    key_created_by: id.nullable().meta({ description: 'Who made that key; null when the system made it' }),
    stored_at: instant.nullable().meta({ description: 'When the verdict was accepted' }),
    record_ids: z.array(id),
    undo_until: instant
      .nullable()
      .meta({ description: 'Until when an act of the system may be undone; null of what a person decided' }),
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
    .meta({ description: 'Draws this many of all that the other filters let through' }),
  seed: z.string().min(1).max(100).optional().meta({
    description:
      'What `sample` draws by; left out, one is made and told. Anybody draws the same with it again',
  }),
});

/** How a sample was drawn, for whoever draws it again. */
export const draw = z
  .object({
    seed: z.string(),
    sample: z.int(),
    population: natural64.meta({ description: 'How many decisions were drawn from' }),
    population_sha256: sha256,
    to: instant.meta({ description: 'Decided before: the time of asking, where no `to` was given' }),
  })
  .meta({
    id: 'Draw',
    description:
      'How to draw the same again: take the decisions that the same filters let through, decided before `to`. Their ids in ascending order, one a line, have the hash `population_sha256`. Ordered by sha256 of seed, a space and id (all UTF-8), the first are the sample.',
  });
export type Draw = z.infer<typeof draw>;

export const decisionList = listOf(decision).extend({
  draw: draw.nullable().meta({ description: 'Of a sample; null of a list' }),
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
