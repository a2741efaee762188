import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrubText } from '../../../activities/scrubber/scrub';
import { countingMint } from './support/mint';

/* The 200 notes of examples/notes: what a farm counts, weighs, pays and names must reach the model as it was written. */

interface LabelledNote {
  readonly id: string;
  readonly note: string;
  readonly expected: readonly { readonly payload: Readonly<Record<string, unknown>> }[];
}

const NOTES = readFileSync(join(__dirname, '../../../examples/notes/notes.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as LabelledNote);

function scrubbed(text: string, passedNames: readonly string[] = []) {
  return scrubText({
    text,
    field: 'note',
    knownValues: [],
    dates: 'keep',
    passedNames,
    mintToken: countingMint(text),
  });
}

test('no figure of any note is taken for an identifier, but for numbers to dial and an address', () => {
  const taken = NOTES.flatMap(({ note }) => scrubbed(note).tokens)
    .filter(({ value }) => /\d/.test(value) && !value.includes('_token_'))
    .map(({ kind, value }) => `${kind} ${value}`);
  expect(taken.sort()).toEqual([
    'phone 0803 555 0142',
    'phone 08031234567',
    'phone 0805-222-3344',
    'phone 08098765432',
    'phone 08123456789',
    'place 45 Market Road',
  ]);
});

test('no named place, kind of bird, feed, unit or cause of any note is taken for an identifier', () => {
  const kept = ['place', 'species', 'item', 'feed', 'unit', 'cause'];
  const lost = NOTES.flatMap(({ id, note, expected }) => {
    const { text } = scrubbed(note);
    return expected.flatMap(({ payload }) =>
      kept
        .map((field) => payload[field])
        .filter((value): value is string => typeof value === 'string')
        .filter((value) => note.toLowerCase().includes(value.toLowerCase()))
        .filter((value) => !text.toLowerCase().includes(value.toLowerCase()))
        .map((value) => `${id} ${value}`),
    );
  });
  expect(lost).toEqual([]);
});

test('no telephone number and no titled name of any note is left', () => {
  const all = NOTES.map(({ note }) => scrubbed(note).text).join('\n');
  for (const identifier of [
    '0803 555 0142',
    '0805-222-3344',
    '08098765432',
    'Femi',
    'Chidi',
    'Nkechi',
    'Tola',
  ])
    expect(all).not.toContain(identifier);
});

test('a named place stays whole, and the person whom it is named after does not', () => {
  const places = ['Okafor Pen', 'Mama Nkechi House', 'Pond 1'];
  const { text, tokens } = scrubbed(
    'Emeka Okafor fed 3 bags in OKAFOR PEN, then 2 in Mama Nkechi House. Nkechi rested; Okafor Pen 4 is new.',
    places,
  );
  expect(text).toMatch(
    /^<person_token_\S+> fed 3 bags in OKAFOR PEN, then 2 in Mama Nkechi House\. <person_token_\S+> rested; Okafor Pen 4 is new\.$/,
  );
  expect(tokens.map(({ value }) => value)).toEqual(['Emeka Okafor', 'Nkechi']);
});
