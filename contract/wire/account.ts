import { z } from 'zod';
import { id, instant, integer64, listQuery, natural64, tenantId } from './primitives';

/** What the tenant has: credits that it bought, and what today's calls may still cost. */
export const account = z
  .object({
    tenant_id: tenantId,
    balance_credits: natural64,
    ledger_seq: natural64,
    day: z.iso.date(),
    held_nano_usd: natural64,
    spent_nano_usd: natural64,
    daily_budget_nano_usd: natural64.nullable(),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;

export const ledgerLeg = z
  .object({
    seq: natural64,
    kind: z.enum(['grant', 'reserve', 'settle']),
    run_id: id.nullable(),
    amount_credits: integer64,
    balance_after: natural64,
    reserved_credits: natural64.nullable(),
    actual_credits: natural64.nullable(),
    deducted_credits: natural64.nullable(),
    shortfall_credits: natural64.nullable(),
    actor_user_id: id.nullable(),
    at: instant,
  })
  .meta({ id: 'LedgerLeg' });
export type LedgerLeg = z.infer<typeof ledgerLeg>;

export const ledgerQuery = listQuery.extend({ run_id: id.optional() });

/** Credits for a tenant, by the platform. */
export const grantRequest = z
  .strictObject({ tenant_id: tenantId, amount_credits: natural64 })
  .meta({ id: 'GrantRequest' });

export const grant = z
  .object({ tenant_id: tenantId, seq: natural64, balance_credits: natural64 })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof grant>;

/** Totals that an auditor compares: each figure stands beside the one it must equal. */
export const evidence = z
  .object({
    tenant_id: tenantId,
    at: instant,
    runs: z.object({
      total: natural64,
      open: natural64,
      by_outcome: z.record(z.string(), natural64),
    }),
    calls: z.object({
      total: natural64,
      by_status: z.record(z.string(), natural64),
      cost_nano_usd: natural64,
      attempts_cost_nano_usd: natural64,
    }),
    credits: z.object({
      balance: natural64,
      ledger_sum: integer64,
      granted: natural64,
      reserved: natural64,
      settled: integer64,
      actual: natural64,
      deducted: natural64,
      shortfall: natural64,
      runs_held: natural64,
    }),
    gates: z.object({ total: natural64, open: natural64, by_outcome: z.record(z.string(), natural64) }),
    decisions: z.object({
      total: natural64,
      by_verdict: z.record(z.string(), natural64),
      by_actor_kind: z.record(z.string(), natural64),
    }),
    records: natural64,
    events: z.object({
      total: natural64,
      by_type: z.record(z.string(), natural64),
      head_seq: natural64,
      head_hash: z.string(),
    }),
    checks: z.array(z.object({ name: z.string(), left: z.string(), right: z.string(), holds: z.boolean() })),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof evidence>;
