/** The labelled notes stay as they were frozen, and the evaluation counts what its README says. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelProposal } from '../../contract/pack';
import { holds } from '../../examples/notes/compare';
import { evaluateNotes, evaluationReport, notesPath } from '../../examples/notes/evaluate';
import { FARM, readLabelledNotes, type LabelledNote } from '../../examples/notes/labels';
import { readByLocalModel } from '../../examples/notes/local-model';
import { reportLines, summary } from '../../examples/notes/report';
import { emptyScores, precisionAndRecall, scoreNote } from '../../examples/notes/score';

const HELD_OUT_SHA256 = 'cb326cfe2af6b589450d68f2cb8bd87212c201c7f535b8edc02cfc1c4ff581ef';

test('the held-out half is what it was before any rule was written', () => {
  const lines = readFileSync(notesPath(), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"split": "held_out"'));
  expect(lines).toHaveLength(100);
  expect(
    createHash('sha256')
      .update(`${lines.join('\n')}\n`)
      .digest('hex'),
  ).toBe(HELD_OUT_SHA256);
});

test('no template is in both halves, and each half has 100 notes', () => {
  const [held, own] = [
    readLabelledNotes(notesPath(), 'held_out'),
    readLabelledNotes(notesPath(), 'development'),
  ];
  const templates = new Set(held.map((note) => note.template));
  expect([held.length, own.length]).toEqual([100, 100]);
  expect(own.filter((note) => templates.has(note.template))).toEqual([]);
});

test('the development half reads as it is labelled, with no wrong sum', async () => {
  const scores = await evaluateNotes(readLabelledNotes(notesPath(), 'development'));
  expect(scores.wrongSums).toEqual([]);
  expect(scores.differing).toEqual([]);
});

test('the held-out half reads as the README says', async () => {
  const { fields: _fields, ...figures } = summary(
    'held_out',
    await evaluateNotes(readLabelledNotes(notesPath(), 'held_out')),
  );
  const readme = readFileSync(join(dirname(notesPath()), 'README.md'), 'utf8');
  expect(readme).toContain(JSON.stringify(figures));
});

test.each([
  ['item', 'the Eggs', 'egg', true],
  ['buyer', 'Mama Chidi', 'mama chidi', true],
  ['buyer', 'Mama Chidi', 'Mama Tola', false],
  ['text', 'heavy rain flooded pond 1', 'Heavy rain flooded Pond 1 last night', true],
  ['text', 'rain', 'Heavy rain flooded Pond 1 last night', false],
  ['total_minor', '4500000', '4500001', false],
  ['count', 12, '12', true],
  ['place', 'house 1', 'House 1', false],
  ['place', undefined, 'House 1', false],
  ['place', 'House 1', undefined, false],
])('%s: %j against %j holds: %s', (field, read, labelled, expected) => {
  expect(holds(field, read, labelled)).toBe(expected);
});

function labelled(...expected: LabelledNote['expected']): LabelledNote {
  return { id: 'x1', template: 'x', split: 'dev', note: 'x', occurred_at: '2025-11-19T10:00:00Z', expected };
}

function proposed(recordType: string, payload: Readonly<Record<string, unknown>>): ModelProposal {
  return { record_type: recordType, payload, confidence_permille: 1000, sources: [], missing: [] };
}

test('a wrong sum, an empty field, a missed and an invented record are each counted', () => {
  const scores = emptyScores();
  scoreNote(
    scores,
    labelled(
      { record_type: 'sale', payload: { item: 'eggs', total_minor: '100', quantity: '3' } },
      { record_type: 'mortality', payload: { count: 2 } },
    ),
    [proposed('sale', { item: 'eggs', total_minor: '1000' }), proposed('expense', { total_minor: '5' })],
  );
  expect(scores.records).toEqual({ labelled: 2, proposed: 2, matched: 1, missed: 1, invented: 1 });
  expect([...scores.confused]).toEqual([['mortality > expense', 1]]);
  expect(scores.wrongSums.map((one) => [one.read, one.labelled])).toEqual([
    ['1000', '100'],
    ['5', 'nothing'],
  ]);
  expect(scores.abstention).toMatchObject({ labelled: 3, empty: 1 });
  const total = scores.fields.get('total_minor');
  expect(total).toEqual({ right: 0, wrong: 2, open: 0, labelled: 1 });
  expect(total && precisionAndRecall(total)).toEqual({ precision: 0, recall: 0 });
  expect(scores.differing).toEqual(['x1']);
  const lines = reportLines('development', scores);
  expect(lines.indexOf('Wrong sums of money: 2')).toBe(2);
});

test('two records of one type are paired with what agrees best', () => {
  const scores = emptyScores();
  const record = (count: number, place: string) => ({ record_type: 'mortality', payload: { count, place } });
  scoreNote(scores, labelled(record(3, 'House 1'), record(2, 'House 2')), [
    proposed('mortality', { count: 2, place: 'House 2' }),
    proposed('mortality', { count: 3, place: 'House 1' }),
  ]);
  expect(scores.differing).toEqual([]);
});

describe('the notes of the demo', () => {
  const notes = readFileSync(join(dirname(notesPath()), 'demo.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; note: string; occurred_at: string });
  const expected: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
    'eggs-sold': [['sale', []]],
    'sum-open': [['sale', ['total_minor']]],
    diesel: [['expense', []]],
    'two-records': [
      ['mortality', []],
      ['sale', []],
    ],
    sneezing: [['symptom', []]],
    fed: [['feed_use', []]],
    water: [['water', []]],
    'to-do': [['task', []]],
    question: [],
    quiet: [],
  };

  test.each(notes)('$id becomes what the README says', async ({ id, note, occurred_at }) => {
    const { proposals } = await readByLocalModel(
      { note, occurred_at },
      { ...FARM, places: [...FARM.places] },
    );
    expect(proposals.map((one) => [one.record_type, one.missing])).toEqual(expected[id]);
  });
});

describe('the labels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['{', '{"id": "x"}', '[]', 'null'])('a line that is no labelled note is refused: %s', (line) => {
    const path = join(folder, 'bad.jsonl');
    writeFileSync(path, `${line}\n`);
    expect(() => readLabelledNotes(path, 'development')).toThrow('line 1 is no labelled note');
  });
});

describe('the report', () => {
  test('ends with one JSON document of the half that was asked for', async () => {
    const lines = (await evaluationReport(['--half', 'development', '--differing'])).trimEnd().split('\n');
    expect(lines).toContain('Notes that differ from their labels: none');
    expect(JSON.parse(lines[lines.length - 1] ?? '')).toMatchObject({ half: 'development', wrong_sums: 0 });
  });

  test.each([[['--half', 'third']], [['--nothing']], [['--file', '/nowhere/notes.jsonl']]])(
    'is refused for %j',
    async (options) => {
      await expect(evaluationReport(options)).rejects.toThrow();
    },
  );
});
