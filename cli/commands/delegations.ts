import { Argument, Option, type Command } from 'commander';
import { SEAT_ROLES, type SeatRole } from '../../contract/policy/seats';
import { DISPOSITIONS, VERDICTS, type Disposition, type Verdict } from '../../contract/states';
import type { Delegation } from '../../contract/wire/delegation';
import { allItems } from '../all-items';
import { contextOf } from '../context';
import { show, table } from '../output';

interface DelegationOptions {
  readonly until: string;
  readonly from?: string;
  readonly of?: string;
  readonly roles?: readonly SeatRole[];
  readonly reason: string;
}

/** `delegation`, and `view`: what one thinks before the model is shown. */
export function addDelegationCommands(program: Command): void {
  const delegation = program.command('delegation').description('who may decide in whose place, for a while');
  delegation
    .command('list')
    .description('delegations that are neither over nor revoked')
    .option('--all', 'also those that are')
    .action(async (options: { readonly all?: true }, command: Command) => {
      const { output, client } = contextOf(command);
      const state = options.all === true ? {} : { state: 'present' as const };
      const found = await allItems((cursor) => client().delegations.list({ ...state, cursor }));
      show(output, found, () => delegationTable(found.items));
    });
  addCreate(delegation);
  delegation
    .command('revoke <id>')
    .description('end one before its time')
    .action(async (id: string, _options: object, command: Command) => {
      const { output, client } = contextOf(command);
      await client().delegations.revoke(id);
      show(output, { id }, () => ['Ended.']);
    });
  addView(program);
}

function addCreate(delegation: Command): void {
  delegation
    .command('create <member>')
    .description('let a member decide in your place: both of you sit then')
    .requiredOption('--until <time>', 'RFC 3339')
    .requiredOption('--reason <text>', 'why')
    .option('--from <time>', 'RFC 3339; now by default')
    .option('--of <member>', 'in whose place, by an admin; yours by default')
    .addOption(
      new Option('--roles <roles...>', 'all that you decide with by default').choices([...SEAT_ROLES]),
    )
    .action(async (member: string, options: DelegationOptions, command: Command) => {
      const { output, client } = contextOf(command);
      const { of, from, roles } = options;
      const created = await client().delegations.create({
        delegate_user_id: member,
        until: options.until,
        reason: options.reason,
        ...(of === undefined ? {} : { delegator_user_id: of }),
        ...(from === undefined ? {} : { from }),
        ...(roles === undefined ? {} : { roles: [...roles] }),
      });
      show(output, created, () => delegationTable([created]));
    });
}

function addView(program: Command): void {
  program
    .command('view <gate>')
    .addArgument(new Argument('<opinion>', 'what you think').choices([...VERDICTS]))
    .description('say what you think, where a gate shows you what the model said only afterwards')
    .requiredOption('--note <text>', 'in a few words')
    .addOption(new Option('--disposition <disposition>', 'what you would grant').choices([...DISPOSITIONS]))
    .action(
      async (
        id: string,
        opinion: Verdict,
        options: { readonly note: string; readonly disposition?: Disposition },
        command: Command,
      ) => {
        const { output, client } = contextOf(command);
        const view = await client().gates.view(id, { opinion, ...options });
        show(output, view, () => [`Noted. What the model said: countersign gates ${id}`]);
      },
    );
}

function delegationTable(delegations: readonly Delegation[]): string[] {
  return table(
    ['delegation', 'of', 'to', 'roles', 'from', 'until', 'reason'],
    delegations.map((one) => [
      one.id,
      one.delegator_user_id,
      one.delegate_user_id,
      one.roles.join(', '),
      one.from_at,
      one.revoked_at === null ? one.until_at : `revoked ${one.revoked_at}`,
      one.reason,
    ]),
  );
}
