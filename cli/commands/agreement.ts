import type { Command } from 'commander';
import { contextOf } from '../context';
import { ago } from '../arguments';
import { show, table } from '../output';

interface AgreementOptions {
  readonly purpose?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `agreement`: what reviewers made of what models proposed. */
export function addAgreementCommand(program: Command): void {
  program
    .command('agreement')
    .description(
      'how often reviewers approved what a model proposed as it was drafted, by purpose, model and band of its confidence',
    )
    .option('--purpose <purpose>', 'of one purpose')
    .option('--vendor <vendor>', 'of one vendor')
    .option('--model <model>', 'of one model')
    .option('--from <time>', 'of gates that closed from then on: 30d, or an instant', instantOf)
    .option('--to <time>', 'and before then', instantOf)
    .action(async (query: AgreementOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const agreement = await client().agreement(query);
      show(output, agreement, () => [
        ...table(
          ['purpose', 'model', 'confidence', 'decided', 'agreed', 'edited', 'rejected', 'share'],
          agreement.items.map((one) => [
            one.purpose,
            `${one.vendor}/${one.model}`,
            one.band,
            one.decided,
            one.agreed,
            one.edited,
            one.rejected,
            // Too few to lean on have no share: it would be read as one.
            Number(one.decided) < Number(agreement.shown_from)
              ? null
              : `${((100 * Number(one.agreed)) / Number(one.decided)).toFixed(1)} %`,
          ]),
        ),
        `A share, here and at gates, is of ${agreement.shown_from} decisions or more.`,
      ]);
    });
}

/** As the API takes it. */
function instantOf(text: string): string {
  return ago(text).toISOString();
}
