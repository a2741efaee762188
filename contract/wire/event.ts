import { z } from 'zod';
import { ACTOR_KINDS } from '../states';
import { id, instant, listQuery, natural64, sha256, tenantId } from './primitives';

/** One entry of the tenant's hash chain. `payload` is the very text that was hashed. */
export const event = z
  .object({
    seq: natural64,
    type: z.string(),
    at: instant,
    actor_kind: z.enum(ACTOR_KINDS),
    actor_user_id: id.nullable(),
    run_id: id.nullable(),
    payload: z.string().nullable().meta({
      description: 'Null where it is held back from you until you have recorded a view of your own',
    }),
    payload_hash: sha256,
    prev_hash: sha256,
    entry_hash: sha256,
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof event>;

export const chainHead = z
  .object({ tenant_id: tenantId, seq: natural64, entry_hash: sha256, at: instant })
  .meta({ id: 'ChainHead' });
export type ChainHead = z.infer<typeof chainHead>;

/** Events after `since`, oldest first: a verifier that starts at 0 reads the whole chain. */
export const recentEvents = z
  .object({ events: z.array(event), head: chainHead })
  .meta({ id: 'RecentEvents' });
export type RecentEvents = z.infer<typeof recentEvents>;

export const recentQuery = z.strictObject({
  since: natural64.default('0'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  run_id: id.optional(),
});

/** Where a stream begins, after this event, at the head when it is left out; and what it tells of, everything by default. */
export const streamQuery = z.strictObject({
  since: natural64.optional(),
  types: z
    .string()
    .regex(/^[a-z_.]+(,[a-z_.]+)*$/)
    .max(2_000)
    .optional()
    .meta({ description: 'Types of events, parted by commas', example: 'decision.recorded,run.closed' }),
  run_id: id.optional(),
  gate_id: id.optional(),
});

/** The last that a stream says when it is ended from here: why. Whoever may, goes on after the last event that came. */
export const STREAM_ENDED = 'stream.ended';

/** What operations are paged about: one open page for a cause. */
export const page = z
  .object({
    id,
    cause: z.string(),
    code: z.string(),
    run_id: id.nullable(),
    opened_at: instant,
    count: natural64,
    acknowledged_by: id.nullable(),
    acknowledged_at: instant.nullable(),
  })
  .meta({ id: 'Page' });
export type Page = z.infer<typeof page>;

export const pageQuery = listQuery.extend({ open: z.enum(['true', 'false']).optional() });

export const health = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    parts: z.record(z.string(), z.enum(['ok', 'unavailable'])),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof health>;
