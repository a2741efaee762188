/** Criteria that count: cases of a procedure, references. Each basis gives a range, from what is certain to what is possible. */
import type { SourceSpan } from '../../../../../contract/pack';
import type { CaseCount, Window } from './case-log';
import { dayAfter } from './dates';
import { sameName, type Evidence } from './evidence';
import { findByBasis, finding, type Finding, type Findings } from './finding';

/** How far a reading goes: the primary takes one statement at a time, the advisor adds up statements that do not overlap. */
export type Reading = 'single' | 'summed';

type Volume = Extract<Evidence['statement'], { kind: 'case_volume' }>;
interface VolumeEvidence {
  readonly evidence: Evidence;
  readonly volume: Volume;
}

interface Bound {
  readonly count: number;
  readonly evidence: readonly Evidence[];
}

function inOrder(volumes: readonly VolumeEvidence[]): VolumeEvidence[] {
  return [...volumes].sort((a, b) =>
    a.volume.until < b.volume.until ? -1 : a.volume.until > b.volume.until ? 1 : 0,
  );
}

/** The most cases that periods within the window, none overlapping another, add up to. */
function lowerBound(volumes: readonly VolumeEvidence[], window: Window, reading: Reading): Bound {
  const inside = inOrder(volumes).filter(
    ({ volume }) => volume.from >= window.from && volume.until <= window.until,
  );
  // best[i] is the best choice among the first i periods in order of their ends.
  const best: Bound[] = [{ count: 0, evidence: [] }];
  for (const [index, { volume, evidence }] of inside.entries()) {
    let before = 0;
    for (let end = index; end > 0; end -= 1) {
      const earlier = inside[end - 1];
      if (earlier !== undefined && earlier.volume.until < volume.from) {
        before = end;
        break;
      }
    }
    const base = reading === 'summed' ? best[before] : best[0];
    const without = best[index] ?? { count: 0, evidence: [] };
    const taken = {
      count: (base?.count ?? 0) + volume.count,
      evidence: [...(base?.evidence ?? []), evidence],
    };
    best.push(taken.count > without.count ? taken : without);
  }
  return best.at(-1) ?? { count: 0, evidence: [] };
}

/** The fewest cases that a statement over the whole window, or periods that cover it end to end, allow. Null: no limit. */
function upperBound(volumes: readonly VolumeEvidence[], window: Window, reading: Reading): Bound | null {
  const covering = volumes
    .filter(({ volume }) => volume.from <= window.from && volume.until >= window.until)
    .sort((a, b) => a.volume.count - b.volume.count)[0];
  if (covering !== undefined) return { count: covering.volume.count, evidence: [covering.evidence] };
  if (reading === 'single') return null;
  const chain: VolumeEvidence[] = [];
  let next = window.from;
  for (const one of inOrder(volumes)) {
    if (one.volume.from > next || one.volume.until < next) continue;
    chain.push(one);
    next = dayAfter(one.volume.until);
  }
  if (next <= window.until) return null;
  const count = chain.reduce((sum, { volume }) => sum + volume.count, 0);
  return { count, evidence: chain.map(({ evidence }) => evidence) };
}

function volumeFinding(volumes: readonly VolumeEvidence[], asked: VolumeAsked, reading: Reading): Finding {
  const lower = lowerBound(volumes, asked.window, reading);
  const upper = upperBound(volumes, asked.window, reading);
  if (upper !== null && lower.count > upper.count)
    return finding('conflict', 'the counts disagree.', [...lower.evidence, ...upper.evidence]);
  if (lower.count >= asked.countMin)
    return finding(
      'met',
      `cases in the window: ${lower.count}; required: ${asked.countMin}.`,
      lower.evidence,
    );
  if (upper !== null && upper.count < asked.countMin)
    return finding(
      'not_met',
      `cases in the window: at most ${upper.count}; required: ${asked.countMin}.`,
      upper.evidence,
    );
  const relevant = volumes
    .filter(({ volume }) => volume.until >= asked.window.from && volume.from <= asked.window.until)
    .map(({ evidence }) => evidence);
  return finding('open', `Cases shown: at least ${lower.count}; required: ${asked.countMin}.`, relevant);
}

export interface VolumeAsked {
  readonly procedureCode: string;
  readonly countMin: number;
  readonly window: Window;
}

/** What the rows of case logs say by themselves. */
export function logFinding(count: CaseCount, asked: VolumeAsked): Finding {
  const { certain, possible, complete, contradicted } = count;
  const of = (says: Finding['says'], reason: string, sources: readonly SourceSpan[]): Finding => ({
    says,
    reason,
    sources,
    trustRecordIds: [],
  });
  const most = certain.length + possible.length;
  if (contradicted !== null)
    return of('conflict', 'a log has not the rows that it states.', [contradicted, ...certain]);
  if (certain.length >= asked.countMin)
    return of(
      'met',
      `cases in the window: ${certain.length}; required: ${asked.countMin}.`,
      certain.slice(0, asked.countMin),
    );
  if (complete !== null && most < asked.countMin)
    return of('not_met', `cases in the window: at most ${most}; required: ${asked.countMin}.`, [
      complete,
      ...certain,
      ...possible,
    ]);
  const reason = `Cases in logs: certain ${certain.length}, possible ${possible.length} more; required: ${asked.countMin}.`;
  return of('open', reason, [...certain, ...possible]);
}

/** Two findings of one basis: agreement keeps the first that settles, contradiction is a conflict. */
export function together(a: Finding, b: Finding): Finding {
  if (b.says === 'open' && b.sources.length === 0) return a;
  if (a.says === 'open' && a.sources.length === 0) return b;
  const both = {
    sources: [...a.sources, ...b.sources],
    trustRecordIds: [...a.trustRecordIds, ...b.trustRecordIds],
  };
  if (a.says === 'open' && b.says === 'open')
    return { says: 'open', reason: `${a.reason} ${b.reason}`, ...both };
  if (a.says === 'open') return b;
  if (b.says === 'open' || a.says === b.says) return a;
  return { says: 'conflict', reason: 'they disagree.', ...both };
}

/** Whether the cases of a procedure within the window are enough, by counts that facts and documents state. */
export function volumeFindings(
  evidence: readonly Evidence[],
  asked: VolumeAsked,
  reading: Reading,
): Findings {
  return findByBasis(evidence, (some) =>
    volumeFinding(
      some.flatMap((one) =>
        one.statement.kind === 'case_volume' && sameName(one.statement.procedureCode, asked.procedureCode)
          ? [{ evidence: one, volume: one.statement }]
          : [],
      ),
      asked,
      reading,
    ),
  );
}

export interface ReferencesAsked {
  readonly countMin: number;
  /** Null when references of any age count. */
  readonly window: Window | null;
  readonly asOf: string;
}

const CREDENTIALS = /\b(?:M\.?D|D\.?O|Ph\.?D|FACS|FACP|R\.?N|N\.?P|MBBS)\b\.?/g;

function surname(referee: string): string {
  const name = (referee.split(',')[0] ?? '').replace(CREDENTIALS, '');
  return (name.match(/[\p{L}\p{N}_'-]+/gu)?.at(-1) ?? '').toLowerCase();
}

function referenceFinding(evidence: readonly Evidence[], asked: ReferencesAsked): Finding {
  const certain: Evidence[] = [];
  const refusing: Evidence[] = [];
  const others: Evidence[] = [];
  const totals: Evidence[] = [];
  const referees = new Set<string>();
  let most = Number.POSITIVE_INFINITY;
  for (const one of evidence) {
    const { statement } = one;
    if (statement.kind === 'reference_count') {
      // An old total may have been overtaken; only one of the packet's own date, or later, is a limit.
      if (statement.until === null || statement.until.earliest < asked.asOf) continue;
      most = Math.min(most, statement.count);
      totals.push(one);
    } else if (statement.kind === 'reference') {
      const name = surname(statement.referee);
      const { received } = statement;
      const isInTime =
        received !== null &&
        received.latest <= asked.asOf &&
        (asked.window === null || received.earliest >= asked.window.from);
      if (statement.recommends === 'no') refusing.push(one);
      else if (statement.recommends === 'yes' && isInTime && name !== '' && !referees.has(name)) {
        referees.add(name);
        certain.push(one);
      } else others.push(one);
    }
  }
  if (refusing.length > 0 && certain.length > 0)
    return finding('conflict', 'a referee does not recommend.', [...refusing, ...certain]);
  if (certain.length > most) return finding('conflict', 'the counts disagree.', [...certain, ...totals]);
  if (certain.length >= asked.countMin)
    return finding('met', `references that count: ${certain.length}; required: ${asked.countMin}.`, certain);
  if (most < asked.countMin)
    return finding('not_met', `references: at most ${most}; required: ${asked.countMin}.`, totals);
  const reason = `References that count: ${certain.length}; required: ${asked.countMin}.`;
  return finding('open', reason, [...certain, ...refusing, ...others]);
}

/** Whether there are enough references that recommend, each by another person, received in time. */
export function referenceFindings(evidence: readonly Evidence[], asked: ReferencesAsked): Findings {
  const findings = findByBasis(evidence, (some) => referenceFinding(some, asked));
  const isRefused = evidence.some(
    (one) => one.statement.kind === 'reference' && one.statement.recommends === 'no',
  );
  if (!isRefused) return findings;
  // One referee who does not recommend is for a person to read, whoever else does.
  const refused = (one: Finding): Finding => (one.says === 'met' ? { ...one, says: 'conflict' } : one);
  return {
    ...findings,
    verified: refused(findings.verified),
    unverified: refused(findings.unverified),
    text: refused(findings.text),
  };
}
