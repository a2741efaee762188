import { z } from 'zod';
import { CALL_KINDS, CALL_STATUSES } from '../states';
import { id, instant, natural64, sha256 } from './primitives';

/**
 * One model call. `billed` tells whether this run made it, or rests on the answer of an earlier one. Which run made it, for
 * whom and when is null for a requester who may not see that run.
 */
export const call = z
  .object({
    id,
    run_id: id,
    made_by_run_id: id.nullable(),
    billed: z.boolean().nullable(),
    kind: z.enum(CALL_KINDS),
    feature: z.string(),
    vendor: z.string(),
    model: z.string(),
    region: z.string(),
    status: z.enum(CALL_STATUSES),
    parent_id: id.nullable(),
    requested_by: id.nullable(),
    prompt_hash: sha256,
    output_hash: sha256.nullable(),
    prompt_content_id: id,
    output_content_id: id.nullable(),
    input_tokens: natural64.nullable(),
    output_tokens: natural64.nullable(),
    cache_read_tokens: natural64.nullable(),
    cache_write_tokens: natural64.nullable(),
    cost_nano_usd: natural64.nullable(),
    latency_ms: natural64.nullable(),
    error_code: z.string().nullable(),
    claimed_at: instant.nullable(),
    finished_at: instant.nullable(),
    attempts: natural64,
  })
  .meta({ id: 'Call' });
export type Call = z.infer<typeof call>;

/** A call with its attempts and, for those who may read it, its scrubbed prompt and its output. */
export const callDetail = call
  .extend({
    prompt: z.string().nullable(),
    output: z
      .string()
      .nullable()
      .meta({ description: 'Null while it is not judged, and when an eval blocks it' }),
    passage_ids: z.array(id).meta({
      description: 'Passages that the prompt showed, the nearest first: what a source may name',
    }),
    attempts_made: z.array(
      z.object({
        attempt: z.int(),
        state: z.enum(['open', 'answered', 'unbilled', 'maybe_billed', 'lost']),
        day: z.iso.date(),
        held_nano_usd: natural64,
        cost_nano_usd: natural64.nullable(),
        error_code: z.string().nullable(),
        started_at: instant,
        ended_at: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'CallDetail' });
export type CallDetail = z.infer<typeof callDetail>;
