import type { RecordClass } from '../states';

export const AUTONOMY_TIERS = ['suggest', 'draft', 'auto'] as const;
export type AutonomyTier = (typeof AUTONOMY_TIERS)[number];

export interface AutonomyInput {
  readonly tier: AutonomyTier;
  readonly recordClass: RecordClass;
  /** Whether the tenant lists the record type among its auto categories. */
  readonly listed: boolean;
  /** The tenant's override for this record type, if any. */
  readonly override: AutonomyTier | null;
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
  const most = input.recordClass === 'routine' ? 'auto' : 'draft';
  return RANK[asked] <= RANK[most] ? asked : most;
}
