import type { ProposalKind, RecordClass } from '../states';

export const AUTONOMY_TIERS = ['suggest', 'draft', 'auto'] as const;
export type AutonomyTier = (typeof AUTONOMY_TIERS)[number];

export interface AutonomyInput {
  readonly tier: AutonomyTier;
  readonly recordClass: RecordClass;
  /** Whether the tenant lists the record type among its auto categories. */
  readonly listed: boolean;
  /** The tenant's override for this record type, if any. */
  readonly override: AutonomyTier | null;
  /** Whether the tenant, the run's purpose or the vendor of its model is paused: the system then acts on nothing. */
  readonly paused: boolean;
}

/** What a proposal adds to the tenant's policy. */
export interface ProposalAutonomyInput extends AutonomyInput {
  readonly kind: ProposalKind;
  /** Whether the payload has every field without which its record must not be written. */
  readonly complete: boolean;
  /** Whether an eval flagged it for a person. */
  readonly doubtful: boolean;
  /** Whether its amount asks more seats than its record type does. */
  readonly moreSeats: boolean;
  /** Whether the tenant has extractions from health data reviewed by people, and this purpose reads such data. */
  readonly reviewed: boolean;
}

const RANK: Readonly<Record<AutonomyTier, number>> = { suggest: 0, draft: 1, auto: 2 };

/**
 * Who writes a proposal: nobody (`suggest`), a person (`draft`), or the system under a named authority (`auto`).
 * The floor of every protected class is draft, whatever the tenant sets; suggest is absolute. The database has the same
 * rule as `app.effective_autonomy`, and a generated table of all inputs proves that they agree.
 */
export function effectiveAutonomy(input: AutonomyInput): AutonomyTier {
  if (input.tier === 'suggest') return 'suggest';
  const asked = input.override ?? (input.tier === 'auto' && input.listed ? 'auto' : 'draft');
  const most = input.recordClass === 'routine' && !input.paused ? 'auto' : 'draft';
  return RANK[asked] <= RANK[most] ? asked : most;
}

/**
 * Who writes one proposal, as `app.record_draft` does it. A person who writes by hand is asked in every tier; what is not
 * complete, doubtful, to be reviewed, or asks more seats is never applied without one.
 */
export function proposalAutonomy(input: ProposalAutonomyInput): AutonomyTier {
  if (input.kind === 'manual') return 'draft';
  const tier = effectiveAutonomy(input);
  const mayApply =
    input.kind === 'draft' && input.complete && !input.doubtful && !input.reviewed && !input.moreSeats;
  return tier === 'auto' && !mayApply ? 'draft' : tier;
}
