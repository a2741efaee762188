import { z } from 'zod';
import { AUTONOMY_TIERS } from '../policy/autonomy';
import { id, instant, natural64, permille, tenantId, text } from './primitives';

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

/** What the tenant's admin decides about AI. Its version is the ETag. */
export const policy = z
  .object({
    tenant_id: tenantId,
    version: z.int(),
    ...controls,
    reason: z.string().nullable().meta({ description: 'Null for those who may not read content' }),
    set_by: id.nullable(),
    set_at: instant,
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof policy>;

/** The whole policy as it shall be, with the reason of the change. */
export const policyRequest = z
  .strictObject({ ...controls, reason: text(1000).regex(/[\p{L}\p{N}]/u) })
  .meta({ id: 'PolicyRequest' });
export type PolicyRequest = z.infer<typeof policyRequest>;
