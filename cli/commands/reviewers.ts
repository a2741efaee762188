import type { Command } from 'commander';
import { ago } from '../arguments';
import { contextOf } from '../context';
import { show, table } from '../output';

interface ReviewerOptions {
  readonly purpose?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `reviewers`: what each of them decided, how fast, and how often as the model and the others did. */
export function addReviewersCommand(program: Command): void {
  program
    .command('reviewers')
    .description(
      'what reviewers decided and how, by purpose; yourself alone, unless you are admin or auditor',
    )
    .option('--purpose <purpose>', 'of one purpose')
    .option('--from <time>', 'from then on: 30d, or an instant', instantOf)
    .option('--to <time>', 'and before then', instantOf)
    .action(async (query: ReviewerOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const reviewers = await client().reviewers(query);
      show(output, reviewers, () => [
        ...table(
          [
            'person',
            'purpose',
            'approved',
            'edited',
            'rejected',
            'escalated',
            'as model',
            'as others',
            'own',
            'median',
            'p90',
            'quick',
          ],
          reviewers.items.map((one) => [
            one.user_id,
            one.purpose,
            one.approvals,
            one.edits,
            one.rejections,
            one.escalations,
            share(one.agreed, Number(one.agreed) + Number(one.overrides)),
            share(one.seat_pairs_agreed, Number(one.seat_pairs)),
            share(one.self_confirmed, Number(one.approvals)),
            seconds(one.held_seconds_median ?? one.seconds_median),
            seconds(one.held_seconds_p90 ?? one.seconds_p90),
            share(one.quick, Number(one.approvals)),
          ]),
        ),
        `Times are since they held the gate, where they did, else since it opened; quick is an approval within ${reviewers.quick_seconds} s.`,
      ]);
    });
}

function share(part: string, whole: number): string | null {
  return whole === 0 ? null : `${Math.round((100 * Number(part)) / whole)} % of ${whole}`;
}

function seconds(value: number | null): string | null {
  return value === null ? null : `${value} s`;
}

/** As the API takes it. */
function instantOf(text: string): string {
  return ago(text).toISOString();
}
