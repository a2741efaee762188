import type { Command } from 'commander';
import { allItems } from '../all-items';
import { contextOf } from '../context';
import { show, table } from '../output';
import type { Subject } from '../../contract/wire/tenant';

/** `subjects`, and which member one is: who is the subject of a run holds no seat of its gates. */
export function addSubjectCommands(program: Command): void {
  program
    .command('subjects')
    .description('which member each subject is, by your own ids of them')
    .action(async (_options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const subjects = await allItems((cursor) => client().subjects.list({ cursor }));
      show(output, subjects, () => subjectTable(subjects.items));
    });
  program
    .command('subject <id> [member]')
    .description('say which member a subject is; without a member, that nobody is')
    .action(async (id: string, member: string | undefined, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      const subject = await client().subjects.put(id, { user_id: member ?? null });
      show(output, subject, () => subjectTable([subject]));
    });
}

function subjectTable(subjects: readonly Subject[]): string[] {
  return table(
    ['subject', 'member', 'said by', 'at'],
    subjects.map((one) => [one.subject_id, one.user_id, one.set_by, one.set_at]),
  );
}
