import type { ModelProposal } from '../../contract/pack';
import { asText, holds } from './compare';
import type { LabelledNote } from './labels';

type Labelled = LabelledNote['expected'][number];

/** Right: read and equal. Wrong: read, and not equal or not labelled. Open: labelled, and left empty or lost. */
export interface FieldScore {
  right: number;
  wrong: number;
  open: number;
  labelled: number;
}

export interface WrongSum {
  readonly id: string;
  readonly field: string;
  readonly read: string;
  readonly labelled: string;
}

export interface Scores {
  notes: number;
  readonly wrongSums: WrongSum[];
  readonly fields: Map<string, FieldScore>;
  readonly records: { labelled: number; proposed: number; matched: number; missed: number; invented: number };
  /** "sale > expense": labelled one, proposed the other. */
  readonly confused: Map<string, number>;
  /** Labelled fields of matched records, and how many of them were left empty. */
  readonly abstention: { labelled: number; empty: number; proposalsWithMissing: number };
  /** Ids of notes in which anything was not as labelled. */
  readonly differing: string[];
}

const MONEY_FIELDS: ReadonlySet<string> = new Set(['total_minor', 'unit_price_minor']);

export function emptyScores(): Scores {
  return {
    notes: 0,
    wrongSums: [],
    fields: new Map(),
    records: { labelled: 0, proposed: 0, matched: 0, missed: 0, invented: 0 },
    confused: new Map(),
    abstention: { labelled: 0, empty: 0, proposalsWithMissing: 0 },
    differing: [],
  };
}

interface Pair {
  readonly labelled: Labelled;
  readonly proposal: ModelProposal;
}

function agreement({ labelled, proposal }: Pair): number {
  return Object.entries(labelled.payload).filter(([field, value]) =>
    holds(field, proposal.payload[field], value),
  ).length;
}

/** Pairs each labelled record with the proposal of its type that agrees with it best. */
function pairUp(labelled: readonly Labelled[], proposals: readonly ModelProposal[]) {
  const candidates = labelled
    .flatMap((one) => proposals.map((proposal): Pair => ({ labelled: one, proposal })))
    .filter((pair) => pair.labelled.record_type === pair.proposal.record_type)
    .sort((left, right) => agreement(right) - agreement(left));
  const pairs: Pair[] = [];
  for (const pair of candidates) {
    const isTaken = pairs.some((one) => one.labelled === pair.labelled || one.proposal === pair.proposal);
    if (!isTaken) pairs.push(pair);
  }
  return {
    pairs,
    missed: labelled.filter((one) => !pairs.some((pair) => pair.labelled === one)),
    invented: proposals.filter((one) => !pairs.some((pair) => pair.proposal === one)),
  };
}

function fieldScore(scores: Scores, field: string): FieldScore {
  const known = scores.fields.get(field) ?? { right: 0, wrong: 0, open: 0, labelled: 0 };
  scores.fields.set(field, known);
  return known;
}

/** Counts the fields of one record that was labelled, proposed or both. Returns whether all are as labelled. */
function countFields(
  scores: Scores,
  id: string,
  labelled: Readonly<Record<string, unknown>>,
  read: Readonly<Record<string, unknown>>,
): boolean {
  let isAsLabelled = true;
  for (const field of new Set([...Object.keys(labelled), ...Object.keys(read)])) {
    const score = fieldScore(scores, field);
    const isRight = holds(field, read[field], labelled[field]);
    if (labelled[field] !== undefined) score.labelled += 1;
    if (isRight) score.right += 1;
    else isAsLabelled = false;
    if (!isRight && labelled[field] !== undefined && read[field] === undefined) score.open += 1;
    if (isRight || read[field] === undefined) continue;
    score.wrong += 1;
    if (!MONEY_FIELDS.has(field)) continue;
    scores.wrongSums.push({
      id,
      field,
      read: asText(read[field]),
      labelled: asText(labelled[field] ?? 'nothing'),
    });
  }
  return isAsLabelled;
}

/** Adds what the model proposed for one note to the scores. */
export function scoreNote(scores: Scores, note: LabelledNote, proposals: readonly ModelProposal[]): void {
  const { pairs, missed, invented } = pairUp(note.expected, proposals);
  const whole = pairs.map(({ labelled, proposal }) =>
    countFields(scores, note.id, labelled.payload, proposal.payload),
  );
  for (const { labelled, proposal } of pairs) {
    const fields = Object.keys(labelled.payload);
    scores.abstention.labelled += fields.length;
    scores.abstention.empty += fields.filter((field) => proposal.payload[field] === undefined).length;
  }
  for (const one of missed) countFields(scores, note.id, one.payload, {});
  for (const one of invented) countFields(scores, note.id, {}, one.payload);
  const confused = Math.min(missed.length, invented.length);
  for (let index = 0; index < confused; index += 1) {
    const name = `${missed[index]?.record_type} > ${invented[index]?.record_type}`;
    scores.confused.set(name, (scores.confused.get(name) ?? 0) + 1);
  }
  scores.notes += 1;
  scores.records.labelled += note.expected.length;
  scores.records.proposed += proposals.length;
  scores.records.matched += pairs.length;
  scores.records.missed += missed.length;
  scores.records.invented += invented.length;
  scores.abstention.proposalsWithMissing += proposals.filter((one) => one.missing.length > 0).length;
  if (missed.length > 0 || invented.length > 0 || whole.includes(false)) scores.differing.push(note.id);
}

/** A share, or null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 1000;
}

/** Precision: of what was read, how much is right. Recall: of what was labelled, how much was read right. */
export function precisionAndRecall(score: FieldScore): { precision: number | null; recall: number | null } {
  return {
    precision: share(score.right, score.right + score.wrong),
    recall: share(score.right, score.labelled),
  };
}
