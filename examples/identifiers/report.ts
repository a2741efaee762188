import type { ClassScore, Scores } from './score';
import { CLASSES } from './template';

/** To a tenth of a per cent, so that the figures of two machines are the same. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 1000;
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)} %`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(14) : cell.padStart(11))).join('');
}

function totalOf(scores: Scores): ClassScore {
  const total: ClassScore = { labelled: 0, found: 0, replaced: 0, right: 0 };
  for (const score of scores.classes.values()) {
    total.labelled += score.labelled;
    total.found += score.found;
    total.replaced += score.replaced;
    total.right += score.right;
  }
  return total;
}

function figures({ labelled, found, replaced, right }: ClassScore) {
  return { recall: share(found, labelled), precision: share(right, replaced) };
}

function classRow(name: string, score: ClassScore): string {
  const { recall, precision } = figures(score);
  const counts = [score.labelled, score.found, score.replaced, score.right];
  return row([name, percent(recall), percent(precision), ...counts.map(String)]);
}

const NONE: ClassScore = { labelled: 0, found: 0, replaced: 0, right: 0 };

/** The report in words; what was missed and taken wrongly is listed where `details` asks for it. */
export function reportLines(half: string, scores: Scores, details: boolean): readonly string[] {
  const alarmed = new Set(scores.falseAlarms.map(({ id }) => id)).size;
  return [
    `Recognisers alone on the ${half.replace('_', '-')} half: ${scores.texts} texts, nothing known of anybody`,
    '',
    row(['class', 'recall', 'precision', 'labelled', 'found', 'replaced', 'right']),
    ...CLASSES.map((name) => classRow(name, scores.classes.get(name) ?? NONE)),
    classRow('all', totalOf(scores)),
    '',
    `False alarms in ${alarmed} of ${scores.negatives} texts without an identifier`,
    ...scores.falseAlarms.map(({ id, kind, value }) => `  ${id} ${kind}: ${value}`),
    `CPU: ${(scores.cpuMs / scores.texts).toFixed(2)} ms a text`,
    ...(details ? scores.missed.map((one) => `missed ${one.class} (${one.id}): ${one.text}`) : []),
  ];
}

/** The same for programs, without the time, which no two machines share. */
export function summary(half: string, scores: Scores): Record<string, unknown> {
  const total = totalOf(scores);
  return {
    half,
    texts: scores.texts,
    ...figures(total),
    labelled: total.labelled,
    false_alarm_texts: new Set(scores.falseAlarms.map(({ id }) => id)).size,
    negative_texts: scores.negatives,
    classes: Object.fromEntries(
      CLASSES.map((name) => {
        const score = scores.classes.get(name);
        return [name, score === undefined ? null : { ...figures(score), labelled: score.labelled }];
      }),
    ),
  };
}
