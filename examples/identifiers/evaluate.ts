/**
 * `npm run scrub:eval`: recall and precision of the recognisers by class, on a labelled set that is made from templates and
 * a seed. The last line is one JSON document. Exits 1 only for a bad option; a bad figure is a finding, not a failure.
 */
import { parseArgs } from 'node:util';
import { DEVELOPMENT } from './development';
import { HELD_OUT } from './held-out';
import { labelledTexts } from './labelled-text';
import { reportLines, summary } from './report';
import { emptyScores, scoreText, type Scores } from './score';
import type { TemplateSet } from './template';

const SETS: Readonly<Record<string, TemplateSet>> = { held_out: HELD_OUT, development: DEVELOPMENT };

/** Scores the recognisers on all texts of a set. */
export function evaluateSet(set: TemplateSet): Scores {
  const scores = emptyScores();
  for (const text of labelledTexts(set)) scoreText(scores, text);
  return scores;
}

/**
 * The report of one half as text, its last line one JSON document.
 * @param options as on the command line: `--half held-out|development`, `--missed` to list what was not found
 * @throws Error for an option that it has not
 */
export function evaluationReport(options: readonly string[]): string {
  const { values } = parseArgs({
    args: [...options],
    options: { half: { type: 'string', default: 'held-out' }, missed: { type: 'boolean', default: false } },
  });
  const half = values.half.replace('-', '_');
  const set = SETS[half];
  if (set === undefined) throw new Error('--half is held-out or development');
  const scores = evaluateSet(set);
  return `${reportLines(half, scores, values.missed).join('\n')}\n${JSON.stringify(summary(half, scores))}\n`;
}

if (require.main === module) {
  try {
    process.stdout.write(evaluationReport(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
