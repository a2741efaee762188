import type { Command } from 'commander';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { Keys } from '../review/keys';
import { reviewGates } from '../review/loop';

/** `work`: the queue, one gate after the other, by keys. */
export function addWorkCommand(program: Command): void {
  program
    .command('work')
    .description(
      'work the queue: shows the gate that is due first, takes a verdict by a few keys, and goes on',
    )
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      if (output.isJson) throw new UsageError('Programs decide by approve, reject and escalate with --json.');
      const keys = new Keys(process.stdin, (text) => void process.stdout.write(text));
      try {
        const { decided, passed } = await reviewGates({ client: client(), output, keys });
        output.line(`${decided} decided, ${passed} left.`);
      } finally {
        keys.close();
      }
    });
}
