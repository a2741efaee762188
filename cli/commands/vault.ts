import { resolve } from 'node:path';
import type { Command } from 'commander';
import { homeFolder } from '../../stack/settings';
import { rewrapFromSettings } from '../../worker/rewrap';
import { contextOf } from '../context';
import { EXIT } from '../exit-codes';
import { show } from '../output';
import { workerDatabaseUrl } from '../worker-database';

/** `vault`: the keys under which values of runs are sealed. */
export function addVaultCommands(program: Command): void {
  const vault = program.command('vault').description('the keys under which identifiers of runs are sealed');
  vault
    .command('rewrap')
    .description(
      'wrap the data key of every run under the present master key, with the settings of the worker; to be called again when it was stopped',
    )
    .action(async (_options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const home = resolve(options.home ?? homeFolder());
      const done = await rewrapFromSettings(workerDatabaseUrl(home), home);
      const answer = {
        master_key_id: done.masterKeyId,
        data_keys: done.dataKeys,
        sealing_keys: done.sealingKeys,
        runs_without_data_key: done.runsWithoutDataKey,
        unopened: done.unopened,
      };
      show(output, answer, () => [
        `Wrapped ${done.dataKeys} data keys under the master key ${done.masterKeyId}.`,
        ...(done.runsWithoutDataKey === 0
          ? []
          : [`${done.runsWithoutDataKey} runs of before data keys still need their master key.`]),
        done.unopened === 0
          ? 'Once every worker has been started with it, call this again; then the earlier ones can be put away.'
          : `${done.unopened} did not open: their master key is not in COUNTERSIGN_MASTER_KEYS_EARLIER, or they were changed.`,
      ]);
      process.exitCode = done.unopened === 0 ? EXIT.ok : EXIT.failed;
    });
}
