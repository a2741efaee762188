import { resolve } from 'node:path';
import type { Command } from 'commander';
import { setting } from '../../environment/setting';
import { homeFolder } from '../../stack/settings';
import { readStackState } from '../../stack/state-file';
import { TEMPORAL_NAMESPACE } from '../../stack/temporal/namespace';
import {
  buildOf,
  builtWorkflows,
  makeCurrent,
  readRelease,
  type ReleaseFacts,
} from '../../stack/temporal/release';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { show, table } from '../output';

/** `build`: which build of the workflows waiting runs go on with, where workers say which one they are. */
export function addBuildCommands(program: Command): void {
  const build = program
    .command('build')
    .description('which build of the workflows runs go on with, under COUNTERSIGN_WORKER_VERSIONING');
  build
    .command('show', { isDefault: true })
    .description('builds that have had workers, which is current, and what still belongs to each')
    .action(async (_options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const facts = await readRelease(...temporalOf(options.home));
      show(output, withBuilt(facts), () => linesOf(facts));
    });
  build
    .command('set-current [build]')
    .description('make a build the current one: what is built here, once a worker of it is up')
    .action(async (named: string | undefined, _options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const facts = await makeCurrent(...temporalOf(options.home), named ?? buildOf(builtWorkflows()));
      show(output, withBuilt(facts), () => linesOf(facts));
    });
}

/** Of the stack on the data folder, else of the environment. */
function temporalOf(home: string | undefined): readonly [address: string, namespace: string] {
  const state = readStackState(resolve(home ?? homeFolder()));
  const address = setting('TEMPORAL_ADDRESS') ?? state?.temporalAddress;
  if (address === undefined) throw new UsageError('No Temporal is known: set TEMPORAL_ADDRESS.');
  return [address, setting('TEMPORAL_NAMESPACE') ?? state?.temporalNamespace ?? TEMPORAL_NAMESPACE];
}

function withBuilt(facts: ReleaseFacts): ReleaseFacts & { readonly built: string } {
  return { built: buildOf(builtWorkflows()), ...facts };
}

function linesOf({ current, builds }: ReleaseFacts): string[] {
  const built = buildOf(builtWorkflows());
  return [
    current === null
      ? 'No build is current: nothing runs on versioned workers.'
      : `Build ${current} is current.`,
    ...table(
      ['build', 'first seen', 'open runs', ''],
      builds.map(({ build, created_at: seen, runs }) => [
        build,
        seen,
        runs,
        build === built ? 'built here' : '',
      ]),
    ),
  ];
}
