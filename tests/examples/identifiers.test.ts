/** The held-out texts stay as they were frozen, and the evaluation counts what the documents say. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVELOPMENT } from '../../examples/identifiers/development';
import { evaluationReport } from '../../examples/identifiers/evaluate';
import { HELD_OUT } from '../../examples/identifiers/held-out';
import { labelledTexts } from '../../examples/identifiers/labelled-text';
import { CLASSES } from '../../examples/identifiers/template';

const ROOT = join(__dirname, '../..');

interface Summary {
  readonly recall: number;
  readonly precision: number;
  readonly labelled: number;
  readonly false_alarm_texts: number;
  readonly negative_texts: number;
  readonly classes: Readonly<Record<string, { readonly recall: number | null }>>;
}

function summaryOf(half: string): Summary {
  return JSON.parse(evaluationReport(['--half', half]).trim().split('\n').at(-1) ?? '') as Summary;
}

test('the held-out half is as it was frozen', () => {
  expect(createHash('sha256').update(JSON.stringify(HELD_OUT)).digest('hex')).toBe(
    '9f236a587e2b55ce78252d139fc6838cc710743ef4aa2555486f63d72601e3b4',
  );
});

test('the halves share no template and no name, and both have every class', () => {
  for (const list of ['templates', 'negatives', 'given', 'surnames', 'streets', 'towns'] as const)
    expect(HELD_OUT[list].filter((one) => DEVELOPMENT[list].includes(one))).toEqual([]);
  for (const set of [HELD_OUT, DEVELOPMENT]) {
    const labelled = new Set(labelledTexts(set).flatMap(({ labels }) => labels.map((label) => label.class)));
    expect(CLASSES.filter((name) => !labelled.has(name))).toEqual([]);
  }
});

test('a seed makes the same texts again, and another seed makes others', () => {
  expect(labelledTexts(HELD_OUT)).toEqual(labelledTexts(HELD_OUT));
  expect(labelledTexts(HELD_OUT, 1)).not.toEqual(labelledTexts(HELD_OUT, 2));
});

test('a label is where its value stands', () => {
  const labelled = labelledTexts(HELD_OUT).find(({ id }) => id === '40.0');
  const [label] = labelled?.labels ?? [];
  expect(labelled?.text.slice(0, label?.start)).toMatch(/^[A-Z]/);
  expect(labelled?.text.slice(label?.start, label?.end)).not.toMatch(/^\s|\s$|[{}]/);
});

test('the held-out figures are those that the documents quote', () => {
  const summary = summaryOf('held-out');
  const { recall, precision, false_alarm_texts, negative_texts } = summary;
  const readme = readFileSync(join(ROOT, 'examples/identifiers/README.md'), 'utf8');
  expect(readme).toContain(JSON.stringify({ recall, precision, false_alarm_texts, negative_texts }));
  const ofClass = (name: string): number => summary.classes[name]?.recall ?? Number.NaN;
  for (const name of ['mrn', 'ssn', 'device', 'name', 'place'])
    expect(readme).toContain(`(${ofClass(name)})`);
  const front = readFileSync(join(ROOT, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  expect(front).toContain(`find ${percent(recall)} of ${summary.labelled} identifiers`);
  expect(front).toContain(
    `(names ${percent(ofClass('name'))}, medical record numbers ${percent(ofClass('mrn'))}, the weakest) with a precision of ${percent(precision)}, and raise a false alarm in ${false_alarm_texts} of ${negative_texts} texts`,
  );
});

test('what recognisers were written against they find', () => {
  const { recall, precision, false_alarm_texts } = summaryOf('development');
  expect({ recall: recall >= 0.99, precision: precision >= 0.97, false_alarm_texts }).toEqual({
    recall: true,
    precision: true,
    false_alarm_texts: 0,
  });
});

test('a half that there is none of is refused', () => {
  expect(() => evaluationReport(['--half', 'third'])).toThrow('--half is held-out or development');
});
