import type { Command } from 'commander';
import { contextOf } from '../context';
import { fields, properties, show } from '../output';

/** `call`, `intent` and `content`: single things that other answers name by their ids. */
export function addContentCommands(program: Command): void {
  program
    .command('call <id>')
    .description('one model call, with its attempts, its scrubbed prompt and its output')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const call = await client().calls.get(id);
      show(output, call, () => properties(call));
    });
  program
    .command('intent <id>')
    .description('a stored verdict, and what became of it')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const intent = await client().intents.get(id);
      show(output, intent, () => properties(intent));
    });
  program
    .command('content <id>')
    .description('read one content as an auditor; the reading is recorded in the chain')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const content = await client().contents.read(id);
      show(output, content, () =>
        fields([
          ['kind', content.kind],
          ['commitment', content.commitment],
          ['text', content.text],
        ]),
      );
    });
}
