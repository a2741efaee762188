import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The two halves of `notes.jsonl`, and the notes of `adversarial.jsonl`, by the name that the options use. */
export const HALVES = { held_out: 'held_out', development: 'dev', adversarial: 'adversarial' } as const;
export type Half = keyof typeof HALVES;

const labelledNote = z.strictObject({
  id: z.string(),
  template: z.string(),
  split: z.enum(['dev', 'held_out', 'adversarial']),
  note: z.string(),
  occurred_at: z.iso.datetime({ offset: true }),
  expected: z.array(
    z.strictObject({
      record_type: z.string(),
      payload: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});
export type LabelledNote = z.infer<typeof labelledNote>;

/** The farm of all labelled notes. */
export const FARM = {
  id: 'labelled-farm',
  kind: 'farm',
  currency: 'NGN',
  time_zone: 'Africa/Lagos',
  places: ['House 1', 'House 2', 'House 3', 'Pen A', 'Pen B', 'Pond 1', 'Pond 2'],
} as const;

/**
 * Reads the labelled notes of one half.
 * @throws Error when the file cannot be read, or a line has not the shape that the README describes
 */
export function readLabelledNotes(path: string, half: Half): LabelledNote[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const notes = lines.map((line, index) => {
    const parsed = labelledNote.safeParse(parseLine(line));
    if (!parsed.success) throw new Error(`line ${index + 1} is no labelled note`);
    return parsed.data;
  });
  return notes.filter((note) => note.split === HALVES[half]);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The caller says which line it was.
    return undefined;
  }
}
