/** What people send and get who work a queue of gates: leases, questions to the requester, many verdicts at once. */
import { z } from 'zod';
import { VERDICTS } from '../states';
import { id, instant, sha256, text } from './primitives';
import { ERROR_CODES, present } from './problem';

const LEASE_SECONDS_MIN = 30;
const LEASE_SECONDS_MAX = 3_600;
const ASSIGNMENT_SECONDS_MAX = 86_400;
const GATES_AT_ONCE_MAX = 100;

const leaseSeconds = z.int().min(LEASE_SECONDS_MIN).max(LEASE_SECONDS_MAX).default(300);

/** Takes a gate for a while, or keeps it, so that nobody else works on it. At most an hour; five minutes by default. */
export const claimRequest = z.strictObject({ seconds: leaseSeconds }).meta({ id: 'ClaimRequest' });

export const claim = z.object({ gate_id: id, claimed_until: instant }).meta({ id: 'Claim' });

export const release = z.object({ gate_id: id, released: z.boolean() }).meta({ id: 'Release' });

export const stealRequest = z
  .strictObject({
    from: id.meta({ description: 'The holder that you saw; refused when it is another one by now' }),
    reason: text(1000).meta({ description: 'Shown to everybody who sees the gate, the former holder too' }),
    seconds: leaseSeconds,
  })
  .meta({ id: 'StealRequest' });

export const reassignRequest = z
  .strictObject({
    to: id.meta({ description: 'A member who could hold a seat of the gate' }),
    reason: text(1000),
    seconds: z.int().min(LEASE_SECONDS_MIN).max(ASSIGNMENT_SECONDS_MAX).default(28_800),
  })
  .meta({ id: 'ReassignRequest' });

export const assignment = z
  .object({ gate_id: id, claimed_by: id, claimed_until: instant })
  .meta({ id: 'Assignment' });

/** One change of a gate's holder by somebody else. */
export const handover = z.object({
  id,
  act: z.enum(['stolen', 'reassigned']),
  from_user_id: id.nullable(),
  to_user_id: id,
  by_user_id: id,
  reason: z.string().nullable(),
  at: instant,
});

export const questionRequest = z.strictObject({ text: text(4000) }).meta({ id: 'QuestionRequest' });

export const questionCreated = z.object({ id, gate_id: id }).meta({ id: 'QuestionCreated' });

export const answerRequest = z
  .strictObject({ question_id: id, text: text(4000) })
  .meta({ id: 'AnswerRequest' });

export const answerCreated = z.object({ question_id: id, gate_id: id }).meta({ id: 'AnswerCreated' });

/** What a reviewer asked of whoever asked for the run, and the answer. */
export const gateQuestion = z.object({
  id,
  asked_by: id,
  question: z.string().nullable(),
  asked_at: instant,
  answered_by: id.nullable(),
  answer: z.string().nullable(),
  answered_at: instant.nullable(),
});

/** One verdict on many gates, each of which it binds to as it was shown. */
export const bulkRequest = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    reason_code: text(60).optional(),
    rationale: text(4000).optional(),
    gates: z
      .array(
        z.strictObject({
          gate_id: id,
          gate_version: z.int().min(1),
          proposal_hash: sha256,
          shown_hash: sha256,
        }),
      )
      .min(1)
      .max(GATES_AT_ONCE_MAX),
  })
  .meta({ id: 'BulkDecisionRequest' });
export type BulkRequest = z.infer<typeof bulkRequest>;

export const bulkAnswer = z
  .object({
    items: z.array(
      z.object({
        gate_id: id,
        status: z.int().meta({
          description: 'What the verdict on this gate alone would have been answered with: 200, 202, 409 …',
        }),
        intent_id: id.nullable(),
        decision_id: id.nullable(),
        code: z.enum(ERROR_CODES).nullable(),
        now: present.nullable(),
        changed: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'BulkDecisions' });
export type BulkAnswer = z.infer<typeof bulkAnswer>;
