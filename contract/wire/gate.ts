import { z } from 'zod';
import {
  ACTOR_KINDS,
  ADVISORY_STATES,
  DISPOSITIONS,
  GATE_OUTCOMES,
  GATE_STATES,
  RECORD_CLASSES,
  VERDICTS,
} from '../states';
import { id, instant, jsonObject, listQuery, permille, role, sha256, text } from './primitives';
import { ERROR_CODES } from './problem';
import { source } from './run';

/** A verdict as its gate shows it. */
export const gateDecision = z.object({
  id,
  gate_version: z.int().meta({ description: 'Seats of an earlier version are void, but shown' }),
  actor_user_id: id,
  actor_kind: z.enum(ACTOR_KINDS),
  verdict: z.enum(VERDICTS),
  disposition: z.enum(DISPOSITIONS).nullable(),
  reason_code: z.string().nullable(),
  record_type: z.string().nullable().meta({ description: 'What an approval named of `record_types`' }),
  rationale: z.string().nullable(),
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
    input: jsonObject.nullable().meta({ description: 'What was asked; in GET /v1/gates/{id} only' }),
    proposal_hash: sha256,
    confidence: permille.nullable(),
    possible_duplicate_of: id.nullable(),
    role: role.meta({ description: 'The role that was asked last' }),
    roles: z.array(role).meta({ description: 'Any of these may hold a seat' }),
    seats: z.int(),
    seats_taken: z.int(),
    separation: z.enum(['none', 'second_person', 'n_of_m']),
    rationale_rule: z.enum(['text', 'reason_code']),
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
    claimed_by: id.nullable(),
    claimed_until: instant.nullable(),
    shown_hash: sha256.nullable().meta({
      description: 'Commits to this view; in GET /v1/gates/{id} only. A decision names it and is bound to it',
    }),
    decisions: z.array(gateDecision),
    comments: z.array(z.object({ id, user_id: id, text: z.string().nullable(), at: instant })),
  })
  .meta({ id: 'Gate' });
export type Gate = z.infer<typeof gate>;

export const gateQuery = listQuery.extend({
  state: z.enum(GATE_STATES).optional(),
  role: role.optional(),
  run_id: id.optional(),
  class: z.enum(RECORD_CLASSES).optional(),
  decidable: z.literal('true').optional().meta({ description: 'Only those that you could decide about now' }),
});

/** Takes a gate for a while, so that nobody else works on it. At most an hour; five minutes by default. */
export const claimRequest = z
  .strictObject({ seconds: z.int().min(30).max(3600).default(300) })
  .meta({ id: 'ClaimRequest' });

export const claim = z.object({ gate_id: id, claimed_until: instant }).meta({ id: 'Claim' });

export const release = z.object({ gate_id: id, released: z.boolean() }).meta({ id: 'Release' });

export const commentRequest = z.strictObject({ text: text(4000) }).meta({ id: 'CommentRequest' });

export const commentCreated = z.object({ id, gate_id: id }).meta({ id: 'CommentCreated' });

export const recusal = z.object({ gate_id: id, user_id: id }).meta({ id: 'Recusal' });
