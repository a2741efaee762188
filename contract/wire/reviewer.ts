import { z } from 'zod';
import { id, instant, natural64 } from './primitives';

const seconds = z.int().min(0).nullable();

/** What one reviewer decided for one purpose, and how. Counts are of verdicts that were applied. */
export const reviewer = z
  .object({
    user_id: id,
    purpose: z.string(),
    decisions: natural64,
    approvals: natural64,
    rejections: natural64,
    escalations: natural64,
    edits: natural64.meta({ description: "Approvals that changed a model's draft" }),
    agreed: natural64.meta({ description: 'Of what a model proposed: approved as it was drafted' }),
    overrides: natural64.meta({ description: 'Of what a model proposed: rejected, or approved with edits' }),
    sure_overrides: natural64.meta({ description: 'Of those, where the model was sure' }),
    self_confirmed: natural64.meta({ description: 'Approvals of what they had asked for themselves' }),
    quick: natural64.meta({ description: 'Approvals that took less than `quick_seconds`' }),
    seconds_median: seconds.meta({ description: 'From the opening of the gate, in the version decided on' }),
    seconds_p90: seconds,
    held: natural64.meta({ description: 'Decisions on gates that they had claimed or been given' }),
    held_seconds_median: seconds.meta({ description: 'Since they first held the gate' }),
    held_seconds_p90: seconds,
    seat_pairs: natural64.meta({ description: "Other people's verdicts on the same gates" }),
    seat_pairs_agreed: natural64,
    first_views: natural64.meta({ description: "Views they gave before they were shown the model's" }),
    first_views_changed: natural64.meta({ description: 'Of those, decided otherwise afterwards' }),
  })
  .meta({ id: 'Reviewer' });
export type Reviewer = z.infer<typeof reviewer>;

export const reviewers = z
  .object({
    items: z.array(reviewer),
    from: instant,
    to: instant,
    quick_seconds: z.int(),
    sure_permille: z.int(),
  })
  .meta({ id: 'Reviewers' });
export type Reviewers = z.infer<typeof reviewers>;

export const reviewersQuery = z.strictObject({
  purpose: z.string().max(100).optional(),
  from: instant.optional().meta({ description: 'Thirty days before `to` by default, 400 at most' }),
  to: instant.optional(),
});
