import { z } from 'zod';
import {
  ACTOR_KINDS,
  ADVISORY_STATES,
  DISPOSITIONS,
  GATE_OUTCOMES,
  GATE_STATES,
  GATE_WAITS,
  RECORD_CLASSES,
  VERDICTS,
} from '../states';
import { gateView } from './delegation';
import { gateAgreement } from './agreement';
import { jsonPatch, signature } from './decision';
import { id, instant, jsonObject, listQuery, permille, role, sha256, text } from './primitives';
import { ERROR_CODES } from './problem';
import { gateQuestion, handover } from './queue';
import { source } from './run';

/** A verdict as its gate shows it. */
export const gateDecision = z.object({
  id,
  gate_version: z.int().meta({ description: 'Seats of an earlier version are void, but shown' }),
  actor_user_id: id,
  actor_kind: z.enum(ACTOR_KINDS),
  on_behalf_of: id.nullable().meta({ description: 'In whose place, by a delegation: both sit then' }),
  verdict: z.enum(VERDICTS),
  disposition: z.enum(DISPOSITIONS).nullable(),
  reason_code: z.string().nullable(),
  record_type: z.string().nullable().meta({ description: 'What an approval named of `record_types`' }),
  rationale: z.string().nullable(),
  edits: jsonObject.nullable().meta({ description: 'The record as this person wrote it, whole' }),
  patch: jsonPatch.nullable().meta({ description: 'What of the proposal they changed' }),
  meaning: signature.shape.meaning.nullable(),
  self_confirmed: z.boolean(),
  decided_at: instant,
});

/** The open question about one proposal. Content is null for those who may not read it, and in part in lists. */
export const gate = z
  .object({
    id,
    version: z.int(),
    run_id: id,
    purpose: z.string(),
    proposal_id: id,
    record_type: z.string(),
    record_types: z.array(z.string()).meta({
      description:
        'Where there was no advice: what may be recorded here. An approval names one as `record_type`, unless there is one only',
    }),
    class: z.enum(RECORD_CLASSES),
    state: z.enum(GATE_STATES),
    outcome: z.enum(GATE_OUTCOMES).nullable(),
    decision_id: id.nullable(),
    manual: z.boolean().meta({ description: 'The model had nothing to show: a person writes the record' }),
    advisory: z.enum(ADVISORY_STATES).nullable(),
    question: z.string().nullable(),
    if_approved: z.string().nullable(),
    if_rejected: z.string().nullable(),
    missing: z.array(z.string()),
    sources: z.array(source),
    flags: z.array(z.object({ name: z.string(), reason: z.string() })),
    payload: jsonObject.nullable(),
    amounts: z.record(z.string(), z.string()).meta({
      description: "The payload's amounts in the tenant's currency and measures, by field without its unit",
    }),
    compensates_record_id: id
      .nullable()
      .meta({ description: 'The record that this gate corrects or undoes' }),
    compensation_act: z.enum(['correct', 'undo']).nullable(),
    input: jsonObject.nullable().meta({ description: 'What was asked; in GET /v1/gates/{id} only' }),
    proposal_hash: sha256,
    confidence: permille.nullable(),
    agreement: gateAgreement.nullable().meta({
      description:
        'How often reviewers agreed with this model when it was as sure, as counted when the gate opened; null while little was decided. In GET /v1/gates/{id} only',
    }),
    possible_duplicate_of: id.nullable(),
    possible_duplicate_at: instant.nullable().meta({ description: 'When that one was proposed' }),
    role: role.meta({ description: 'The role that was asked last' }),
    roles: z.array(role).meta({ description: 'Any of these may hold a seat' }),
    seats: z.int(),
    seat_roles: z
      .array(role)
      .nullable()
      .meta({ description: 'The role that each seat asks; null when any of `roles` may hold each' }),
    seats_taken: z.int().nullable().meta({ description: 'Null while `blind`' }),
    blind: z.boolean().meta({
      description:
        'What the model said, and what others decided, is held back until you have recorded a view of your own',
    }),
    acting_for: z
      .array(id)
      .meta({ description: 'In whose place you could decide about it now, as `on_behalf_of`' }),
    views: z.array(gateView).meta({ description: 'What reviewers thought before they were shown the model' }),
    separation: z.enum(['none', 'second_person', 'n_of_m']),
    rationale_rule: z.enum(['text', 'reason_code']),
    rationale_parts: z
      .array(
        z.object({
          name: z.string(),
          prompt: z.string(),
          dispositions: z.array(z.enum(DISPOSITIONS)).optional(),
        }),
      )
      .meta({
        description: 'What a reason consists of; a part that names dispositions is asked with these only',
      }),
    reauthenticate_minutes: z.int().nullable().meta({
      description:
        'A verdict needs a proof by POST /v1/reauthentications that is no older; null: it needs none',
    }),
    reason_codes: z.array(z.string()),
    dispositions: z.array(z.enum(DISPOSITIONS)),
    escalation_level: z.int(),
    refusal: z
      .enum(ERROR_CODES)
      .nullable()
      .meta({ description: 'Why you could not decide about it now; null when you could' }),
    requested_by: id,
    opened_at: instant,
    due_at: instant,
    closed_at: instant.nullable(),
    claimed_by: id.nullable().meta({
      description: 'Who works on it now. A courtesy: others may decide all the same',
    }),
    claimed_until: instant.nullable(),
    waiting_for: z.enum(GATE_WAITS).nullable().meta({
      description: 'The requester, while a question to them is open; nobody once it is closed',
    }),
    shown_hash: sha256.nullable().meta({
      description: 'Commits to this view; in GET /v1/gates/{id} only. A decision names it and is bound to it',
    }),
    versions: z
      .array(
        z.object({
          version: z.int(),
          cause: z.enum(['policy', 'escalation', 'edit']),
          changed: z.array(z.string()),
          policy_version: z.int().nullable(),
          at: instant,
        }),
      )
      .meta({ description: 'What each version changed of the one before; in GET /v1/gates/{id} only' }),
    decisions: z.array(gateDecision),
    comments: z.array(z.object({ id, user_id: id, text: z.string().nullable(), at: instant })),
    questions: z
      .array(gateQuestion)
      .meta({ description: 'To whoever asked for the run, with their answers' }),
    handovers: z
      .array(handover)
      .meta({ description: 'Who took it from whom, or gave it to somebody, and why' }),
  })
  .meta({ id: 'Gate' });
export type Gate = z.infer<typeof gate>;

export const gateQuery = listQuery.extend({
  state: z.enum(GATE_STATES).optional(),
  role: role.optional(),
  run_id: id.optional(),
  class: z.enum(RECORD_CLASSES).optional(),
  record_type: z.string().max(60).optional(),
  purpose: z.string().max(100).optional(),
  claimed_by: z.enum(['me', 'nobody']).optional(),
  waiting_for: z.enum(GATE_WAITS).optional(),
  due_before: instant.optional(),
  due_after: instant.optional(),
  id_ends: z
    .string()
    .regex(/^[0-9a-f-]{4,36}$/)
    .optional()
    .meta({ description: 'Whose id ends so: ids are alike at their beginnings' }),
  decidable: z.literal('true').optional().meta({ description: 'Only those that you could decide about now' }),
  sort: z.enum(['due_at', 'opened_at']).default('due_at'),
});

export const commentRequest = z.strictObject({ text: text(4000) }).meta({ id: 'CommentRequest' });

export const commentCreated = z.object({ id, gate_id: id }).meta({ id: 'CommentCreated' });

export const recusal = z.object({ gate_id: id, user_id: id }).meta({ id: 'Recusal' });
