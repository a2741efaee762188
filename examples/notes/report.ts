import type { Half } from './labels';
import { precisionAndRecall, share, type FieldScore, type Scores } from './score';

function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)} %`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(10))).join('');
}

function allFields(scores: Scores): FieldScore {
  const all: FieldScore = { right: 0, wrong: 0, open: 0, labelled: 0 };
  for (const score of scores.fields.values()) {
    all.right += score.right;
    all.wrong += score.wrong;
    all.open += score.open;
    all.labelled += score.labelled;
  }
  return all;
}

function fieldRow(name: string, score: FieldScore): string {
  const { precision, recall } = precisionAndRecall(score);
  return row([
    name,
    percent(precision),
    percent(recall),
    ...[score.right, score.wrong, score.open].map(String),
  ]);
}

/** The report in words, wrong sums first. */
export function reportLines(half: Half, scores: Scores): string[] {
  const { records, abstention } = scores;
  const fields = [...scores.fields].sort(([left], [right]) => left.localeCompare(right));
  const confused = [...scores.confused].map(([name, count]) => `  ${name}: ${count}`);
  return [
    `Local model farm-notes-1 (rules, not a language model) on the ${half.replace('_', '-')} ${half === 'adversarial' ? 'set' : 'half'}: ${scores.notes} notes`,
    '',
    `Wrong sums of money: ${scores.wrongSums.length}`,
    ...scores.wrongSums.map((one) => `  ${one.id} ${one.field}: read ${one.read}, labelled ${one.labelled}`),
    '',
    row(['field', 'precision', 'recall', 'right', 'wrong', 'open']),
    ...fields.map(([name, score]) => fieldRow(name, score)),
    fieldRow('all', allFields(scores)),
    '',
    `Records: ${records.labelled} labelled, ${records.proposed} proposed, ${records.matched} of the right type, ` +
      `${records.missed} missed, ${records.invented} invented`,
    `Types confused (labelled > proposed): ${confused.length === 0 ? 'none' : ''}`,
    ...confused,
    `Abstention: ${percent(share(abstention.empty, abstention.labelled))} of the labelled fields of matched records left ` +
      `empty; ${abstention.proposalsWithMissing} of ${records.proposed} proposals name a missing field`,
    `Notes exactly as labelled: ${scores.notes - scores.differing.length} of ${scores.notes}`,
  ];
}

/** The same for programs. */
export function summary(half: Half, scores: Scores): Record<string, unknown> {
  const fields = [...scores.fields].sort(([left], [right]) => left.localeCompare(right));
  return {
    half,
    notes: scores.notes,
    wrong_sums: scores.wrongSums.length,
    ...precisionAndRecall(allFields(scores)),
    abstention: share(scores.abstention.empty, scores.abstention.labelled),
    exact_notes: scores.notes - scores.differing.length,
    records: scores.records,
    confused: Object.fromEntries(scores.confused),
    fields: Object.fromEntries(
      fields.map(([name, score]) => [name, { ...precisionAndRecall(score), ...score }]),
    ),
  };
}
