/** What the sources of one basis say about one criterion, and how the bases together settle it. */
import type { SourceSpan } from '../../../../../contract/pack';
import type { Basis, Evidence } from './evidence';

/** `open`: these sources do not settle it; `conflict`: they contradict each other. */
export interface Finding {
  readonly says: 'met' | 'not_met' | 'open' | 'conflict';
  readonly reason: string;
  readonly sources: readonly SourceSpan[];
  readonly trustRecordIds: readonly string[];
}

export type Findings = Readonly<Record<Basis, Finding>>;

export interface Settlement {
  readonly status: 'met' | 'not_met' | 'unknown';
  /** Null when unknown. */
  readonly settledBy: 'verified' | 'text' | null;
  readonly reason: string;
  readonly sources: readonly SourceSpan[];
  readonly trustRecordIds: readonly string[];
}

/** A finding that rests on the evidence given. */
export function finding(says: Finding['says'], reason: string, evidence: readonly Evidence[]): Finding {
  return {
    says,
    reason,
    sources: evidence.map((one) => one.source),
    trustRecordIds: evidence.flatMap((one) => (one.trustRecordId === null ? [] : [one.trustRecordId])),
  };
}

/** The evidence of one basis. */
export function ofBasis(evidence: readonly Evidence[], basis: Basis): Evidence[] {
  return evidence.filter((one) => one.basis === basis);
}

/** Runs the same question over each basis by itself. */
export function findByBasis(
  evidence: readonly Evidence[],
  find: (some: readonly Evidence[], basis: Basis) => Finding,
): Findings {
  const lapsed = find(ofBasis(evidence, 'lapsed'), 'lapsed');
  return {
    verified: find(ofBasis(evidence, 'verified'), 'verified'),
    lapsed: { ...lapsed, says: 'open', reason: 'A verification has run out.' },
    unverified: find(ofBasis(evidence, 'unverified'), 'unverified'),
    text: find(ofBasis(evidence, 'text'), 'text'),
  };
}

function unknown(reason: string, findings: readonly Finding[]): Settlement {
  return {
    status: 'unknown',
    settledBy: null,
    reason,
    sources: findings.flatMap((one) => one.sources),
    trustRecordIds: [],
  };
}

/**
 * Settles a criterion. Verified facts go first, then the words of the documents where the criterion allows it; facts
 * that are not verified settle nothing, and a verification that has run out is history. A contradiction among any of them leaves it unknown, for a person to look at.
 * @param textSettles false for criteria that demand source verification
 */
export function settle(findings: Findings, textSettles: boolean): Settlement {
  const all = [findings.verified, findings.text, findings.unverified];
  const answers = new Set(all.map((one) => one.says).filter((says) => says !== 'open'));
  if (answers.has('conflict') || answers.size > 1) return unknown('The sources disagree.', all);
  const chosen = (['verified', 'text'] as const).find(
    (basis) => findings[basis].says !== 'open' && (basis === 'verified' || textSettles),
  );
  if (chosen !== undefined) {
    const { says, reason, sources, trustRecordIds } = findings[chosen];
    const settledBy = chosen === 'verified' ? 'By verified facts' : 'By the documents alone';
    return {
      status: says === 'met' ? 'met' : 'not_met',
      settledBy: chosen,
      reason: `${settledBy}: ${reason}`,
      sources,
      trustRecordIds,
    };
  }
  const shown = [...all, findings.lapsed].filter((one) => one.sources.length > 0);
  if (shown.length === 0) return unknown('No source in the packet speaks of it.', []);
  const reasons = shown.map((one) =>
    one.says === 'open' ? one.reason : 'It is stated, but by no verified fact.',
  );
  return unknown(`Not settled: ${[...new Set(reasons)].join(' ')}`, shown);
}
