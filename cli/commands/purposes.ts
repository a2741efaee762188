import type { Command } from 'commander';
import type { Purpose } from '../../contract/wire/purpose';
import { allItems } from '../all-items';
import { contextOf } from '../context';
import { fields, indented, show, table } from '../output';

/** `purposes`: what runs are for. */
export function addPurposeCommands(program: Command): void {
  program
    .command('purposes [purpose]')
    .description(
      'what runs are for; or one with its input, an example, and who decides about what it proposes',
    )
    .action(async (name: string | undefined, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      if (name !== undefined) {
        const purpose = await client().purposes.get(name);
        show(output, purpose, () => purposeLines(purpose));
        return;
      }
      const purposes = await allItems((cursor) => client().purposes.list({ cursor }));
      show(output, purposes, () =>
        table(
          ['purpose', 'version', 'title', 'model', 'credits', 'record types'],
          purposes.items.map((one) => [
            one.name,
            one.version,
            one.title,
            `${one.model.vendor}/${one.model.model}`,
            one.price.primary_credits,
            one.record_types.map((type) => type.name).join(', '),
          ]),
        ),
      );
    });
}

function purposeLines(purpose: Purpose): string[] {
  const { price, model, advisor } = purpose;
  return [
    ...fields([
      ['purpose', `${purpose.name} version ${purpose.version}`],
      ['title', purpose.title],
      ['model', `${model.vendor}/${model.model} in ${model.region}`],
      ['advisor', advisor === null ? null : `${advisor.vendor}/${advisor.model} in ${advisor.region}`],
      ['credits', `${price.primary_credits}, and ${price.advisor_credits} for an advisor`],
      ['asks again below', `${purpose.confidence_threshold} per mille`],
      ['by hand', purpose.manual_record_type],
    ]),
    '',
    ...table(
      ['record type', 'class', 'role', 'seats', 'separation', 'reason codes'],
      purpose.record_types.map((one) => [
        one.name,
        one.class,
        one.role,
        one.seats,
        one.separation,
        one.rationale_rule === 'text' ? 'in words' : one.reason_codes.join(', '),
      ]),
    ),
    '',
    'example input',
    ...indented(purpose.example),
  ];
}
