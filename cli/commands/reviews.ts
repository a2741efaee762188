import { Argument, Option, type Command } from 'commander';
import { REVIEW_STATES, REVIEW_VERDICTS, type ReviewState, type ReviewVerdict } from '../../contract/states';
import type { Review } from '../../contract/wire/review';
import { listLimit } from '../arguments';
import { contextOf } from '../context';
import { fields, show, table } from '../output';

/** `reviews` and `review`: what the system did by itself and people look at afterwards. */
export function addReviewCommands(program: Command): void {
  program
    .command('reviews')
    .description('acts of the system that were drawn to be looked at, oldest first')
    .addOption(new Option('--state <state>', 'open or closed').choices([...REVIEW_STATES]).default('open'))
    .option('--record-type <type>', 'of one type')
    .option('--limit <number>', 'at most so many', listLimit, 50)
    .action(
      async (
        options: { readonly state: ReviewState; readonly recordType?: string; readonly limit: number },
        command: Command,
      ) => {
        const { output, client } = contextOf(command);
        const { recordType, ...query } = options;
        const reviews = await client().reviews.list({ ...query, record_type: recordType });
        show(output, reviews, () =>
          table(
            ['act', 'type', 'wrote', 'at', 'undo until', 'verdict'],
            reviews.items.map((one) => [
              one.id,
              one.record_type,
              one.payload === null ? null : JSON.stringify(one.payload),
              one.decided_at,
              one.undone_by === null ? one.undo_until : 'undone',
              one.verdict,
            ]),
          ),
        );
      },
    );
  program
    .command('review <act>')
    .addArgument(new Argument('<verdict>', 'agree or disagree').choices([...REVIEW_VERDICTS]))
    .description('say what you think of an act of the system')
    .option('--reason-code <code>', "one of the gate's reason codes")
    .option('--reason <text>', 'why, in words')
    .action(
      async (
        id: string,
        verdict: ReviewVerdict,
        options: { readonly reasonCode?: string; readonly reason?: string },
        command: Command,
      ) => {
        const { output, client } = contextOf(command);
        const { reasonCode, reason } = options;
        const review = await client().reviews.record(id, { verdict, reason_code: reasonCode, reason });
        show(output, review, () => reviewLines(review));
      },
    );
}

function reviewLines(review: Review): string[] {
  const mayUndo = review.verdict === 'disagree' && review.undone_by === null;
  return [
    'Noted.',
    ...fields([
      ['act', review.id],
      ['record', review.record_id],
      ['undo it', mayUndo ? `countersign undo ${review.record_id}, until ${review.undo_until}` : null],
    ]),
  ];
}
