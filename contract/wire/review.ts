import { z } from 'zod';
import { REVIEW_STATES, REVIEW_VERDICTS } from '../states';
import { id, instant, jsonObject, listQuery, permille, sha256, text } from './primitives';

/**
 * An act of the system that was drawn for a person to look at afterwards. Its id is the decision's. `payload` and `reason`
 * are null for those who may not read content.
 */
export const review = z
  .object({
    id,
    gate_id: id,
    run_id: id,
    proposal_id: id,
    record_id: id,
    record_type: z.string(),
    payload: jsonObject.nullable().meta({ description: 'What the act wrote' }),
    content_hash: sha256,
    authority_user_id: id.meta({ description: 'Who set the policy that the system acted under' }),
    authority_policy_version: z.int(),
    decided_at: instant,
    rate_permille: permille.meta({ description: 'How many of a thousand acts were drawn then' }),
    undo_until: instant,
    undone_by: id.nullable().meta({ description: 'The record that undoes what was written' }),
    corrected_by: id.nullable(),
    reason_codes: z.array(z.string()),
    state: z.enum(REVIEW_STATES),
    verdict: z.enum(REVIEW_VERDICTS).nullable(),
    reason_code: z.string().nullable(),
    reason: z.string().nullable(),
    reviewed_by: id.nullable(),
    reviewed_at: instant.nullable(),
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof review>;

export const reviewQuery = listQuery.extend({
  state: z.enum(REVIEW_STATES).optional(),
  verdict: z.enum(REVIEW_VERDICTS).optional(),
  record_type: text(60).optional(),
});

/** What a reviewer says of an act: with a reason either way, by code or in words. */
export const reviewRequest = z
  .strictObject({
    verdict: z.enum(REVIEW_VERDICTS),
    reason_code: text(60).optional(),
    reason: text(4000).optional(),
  })
  .meta({ id: 'ReviewRequest' });
