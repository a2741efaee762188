import { z } from 'zod';
import { SEAT_ROLES } from '../policy/seats';
import { DISPOSITIONS, VERDICTS } from '../states';
import { id, instant, listQuery, text } from './primitives';

const seatRole = z.enum(SEAT_ROLES);

/** Who may decide in whose place, and for how long. `reason` is null for those who may not read content. */
export const delegation = z
  .object({
    id,
    delegator_user_id: id,
    delegate_user_id: id,
    roles: z.array(seatRole).meta({ description: 'They count at gates and nowhere else' }),
    from_at: instant,
    until_at: instant,
    reason: z.string().nullable(),
    created_by: id,
    created_at: instant,
    revoked_by: id.nullable(),
    revoked_at: instant.nullable(),
  })
  .meta({ id: 'Delegation' });
export type Delegation = z.infer<typeof delegation>;

export const delegationRequest = z
  .strictObject({
    delegator_user_id: id
      .optional()
      .meta({ description: 'You, when left out; an admin may name somebody else' }),
    delegate_user_id: id,
    roles: z
      .array(seatRole)
      .min(1)
      .optional()
      .meta({ description: 'All that the delegator decides with, when left out' }),
    from: instant.optional().meta({ description: 'Now, when left out' }),
    until: instant,
    reason: text(1000).regex(/[\p{L}\p{N}]/u),
  })
  .meta({ id: 'DelegationRequest' });

export const delegationQuery = listQuery.extend({
  state: z
    .enum(['present', 'ended'])
    .optional()
    .meta({ description: '`present`: neither revoked nor over; it may not have begun' }),
  delegator: id.optional(),
  delegate: id.optional(),
});

/** What a reviewer thinks before they are shown what the model said. */
export const viewRequest = z
  .strictObject({
    opinion: z.enum(VERDICTS),
    disposition: z.enum(DISPOSITIONS).optional(),
    note: text(500).regex(/[\p{L}\p{N}]/u),
  })
  .meta({ id: 'ViewRequest' });

export const viewCreated = z.object({ id, gate_id: id }).meta({ id: 'ViewCreated' });

/** A view of a reviewer's own, recorded before the model's was shown. Shown to whoever has recorded theirs. */
export const gateView = z.object({
  user_id: id,
  opinion: z.enum(VERDICTS),
  disposition: z.enum(DISPOSITIONS).nullable(),
  note: z.string().nullable(),
  at: instant,
});
