import type { Command } from 'commander';
import type { Run } from '../../contract/wire/run';
import { contextOf } from '../context';
import { readJson } from '../input';
import { fields, show } from '../output';

/** `correct` and `undo`: each asks for a record that stands for another one, and is decided at a gate of its own. */
export function addRecordCommands(program: Command): void {
  program
    .command('correct <record>')
    .description('ask to correct a record: a person decides, and the earlier row stays')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--payload <file>', 'JSON of the whole record as it shall be; - reads it from stdin')
    .action(
      async (
        id: string,
        options: { readonly reason: string; readonly payload: string },
        command: Command,
      ) => {
        const { output, client } = contextOf(command);
        const { reason } = options;
        const run = await client().records.correct(id, { payload: await readJson(options.payload), reason });
        show(output, run, () => askedLines(run));
      },
    );
  program
    .command('undo <record>')
    .description('ask to undo a record: a person decides, and the row stays')
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, { reason }: { readonly reason: string }, command: Command) => {
      const { output, client } = contextOf(command);
      const run = await client().records.undo(id, reason);
      show(output, run, () => askedLines(run));
    });
}

function askedLines(run: Run): string[] {
  return [
    'Asked: its gate opens in a moment.',
    ...fields([
      ['run', run.id],
      ['state', run.state],
    ]),
  ];
}
