import { z } from 'zod';
import { AUTONOMY_TIERS } from '../policy/autonomy';
import { SEAT_ROLES } from '../policy/seats';
import { id, instant, natural64, permille, tenantId, text } from './primitives';

/** From an amount on, a record type asks at least so many seats, and these roles among them. */
export const seatRule = z.strictObject({
  record_type: text(60),
  from_minor: natural64.meta({
    description:
      "Minor units of the tenant's currency; 0 asks it of every amount. An amount that can't be told meets all",
  }),
  seats: z.int().min(1).max(9),
  roles: z
    .array(z.enum(SEAT_ROLES))
    .max(9)
    .meta({ description: "Of some of the seats; the others ask the record type's own role" }),
});

const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);

/** When the tenant works, in its own time zone. */
export const workingCalendar = z
  .strictObject({
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .meta({ description: 'ISO: 1 is Monday, 7 Sunday' }),
    from: timeOfDay,
    to: z.union([timeOfDay, z.literal('24:00')]),
    holidays: z.array(z.iso.date()).max(400),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be later than from' })
  .meta({ id: 'WorkingCalendar' });

const controls = {
  autonomy_tier: z.enum(AUTONOMY_TIERS),
  auto_categories: z
    .array(z.string())
    .meta({ description: 'Routine record types that the tier auto applies' }),
  record_autonomy: z.record(z.string(), z.enum(AUTONOMY_TIERS)).meta({ description: 'By record type' }),
  require_human_review_for_phi_extraction: z.boolean(),
  block_ai_committee_response_drafts: z.boolean(),
  require_advisor_for_low_confidence: z.boolean(),
  daily_token_budget_nano_usd: natural64,
  confidence_threshold_permille: permille.nullable(),
  paused: z.boolean(),
  paused_purposes: z.array(z.string()),
  paused_vendors: z.array(z.string()),
  reason: text(1000),
};

/** How gates are decided. What a request leaves out of it stays as it is: who does not know of a rule takes none away. */
const deciding = {
  seat_rules: z.array(seatRule).max(50).meta({ description: 'They only add to what record types ask' }),
  reauthenticate_protected_minutes: z.int().min(1).max(60).nullable().meta({
    description:
      'A verdict on a protected class is given within so many minutes after its reviewer has proved anew who they are; null: not asked',
  }),
  undo_window_hours: z.int().min(0).max(8760).meta({
    description: 'For how long what the system did by itself may be undone',
  }),
  auto_review_permille: permille.meta({
    description: 'How many of a thousand acts of the system people look at afterwards; drawn in secret',
  }),
  blind_first_protected: z.boolean().meta({
    description:
      "Reviewers of protected classes record a view of their own before they are shown the model's",
  }),
  working_calendar: workingCalendar.nullable().meta({
    description: 'Gates remind, escalate and expire in working time; null: on the plain clock',
  }),
};

/** What the tenant's admin decides about AI. Its version is the ETag. */
export const policy = z
  .object({
    tenant_id: tenantId,
    version: z.int(),
    ...controls,
    ...deciding,
    reason: z.string().nullable().meta({ description: 'Null for those who may not read content' }),
    set_by: id.nullable(),
    set_at: instant,
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof policy>;

/** The whole policy as it shall be, with the reason of the change. */
export const policyRequest = z
  .strictObject({
    ...controls,
    ...z.object(deciding).partial().shape,
    reason: text(1000).regex(/[\p{L}\p{N}]/u),
  })
  .meta({ id: 'PolicyRequest' });
export type PolicyRequest = z.infer<typeof policyRequest>;
