/**
 * `npm run extract:eval`: how well the local model reads the labelled notes, wrong sums of money first. The last line is
 * one JSON document. Exits 1 only when its options or the file of notes are bad; a bad figure is a finding, not a failure.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FARM, HALVES, readLabelledNotes, type Half, type LabelledNote } from './labels';
import { readByLocalModel } from './local-model';
import { reportLines, summary } from './report';
import { emptyScores, scoreNote, type Scores } from './score';

/** Scores the local model on labelled notes. */
export async function evaluateNotes(notes: readonly LabelledNote[]): Promise<Scores> {
  const scores = emptyScores();
  for (const note of notes) {
    const { proposals } = await readByLocalModel(
      { note: note.note, occurred_at: note.occurred_at },
      { ...FARM, places: [...FARM.places] },
    );
    scoreNote(scores, note, proposals);
  }
  return scores;
}

/** The file that holds the notes of a half, beside the source, whether this runs compiled or not. */
export function notesPath(half: Half = 'held_out'): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'examples', 'notes', half === 'adversarial' ? 'adversarial.jsonl' : 'notes.jsonl');
}

function isHalf(value: string): value is Half {
  return Object.hasOwn(HALVES, value);
}

/**
 * The report of one half as text, its last line one JSON document.
 * @param options as on the command line: `--half held-out|development|adversarial`, `--file`, `--differing`
 * @throws Error for an option that it has not, and for a file that holds no labelled notes
 */
export async function evaluationReport(options: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      half: { type: 'string', default: 'held_out' },
      file: { type: 'string' },
      differing: { type: 'boolean', default: false },
    },
  });
  const half = values.half.replace('-', '_');
  if (!isHalf(half)) throw new Error('--half is held-out, development or adversarial');
  const scores = await evaluateNotes(readLabelledNotes(values.file ?? notesPath(half), half));
  const differing = `Notes that differ from their labels: ${scores.differing.join(' ') || 'none'}`;
  const lines = [...reportLines(half, scores), ...(values.differing ? [differing] : [])];
  return `${lines.join('\n')}\n${JSON.stringify(summary(half, scores))}\n`;
}

if (require.main === module) {
  evaluationReport(process.argv.slice(2)).then(
    (report) => process.stdout.write(report),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
