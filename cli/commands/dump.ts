import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pgliteDataFolder } from '../../stack/layout';
import { dumpPglite, restorePglite } from '../../stack/pglite/dump';
import { givenDatabaseUrl, homeFolder } from '../../stack/settings';
import { contextOf } from '../context';
import { UsageError } from '../exit-codes';
import { show } from '../output';

/** `dump` and `restore`: the embedded database as one file, and back. */
export function addDumpCommands(program: Command): void {
  program
    .command('dump')
    .description('write the embedded database of the data folder, whose stack is stopped, into one file')
    .argument('<file>', 'the file to write; content is in it, so only you may read it')
    .action(async (file: string, _options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const target = resolve(file);
      const bytes = await dumpPglite(embeddedFolder(options.home), target);
      show(output, { file: target, bytes }, () => [
        `Wrote ${target} (${bytes} bytes).`,
        'The master key (master.key in the data folder, or COUNTERSIGN_MASTER_KEY) is not in it: keep it, apart from this file.',
      ]);
    });

  program
    .command('restore')
    .description('make the embedded database of a data folder that has none from what "dump" wrote')
    .argument('<file>', 'the file that was written')
    .action(async (file: string, _options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const folder = embeddedFolder(options.home);
      await restorePglite(resolve(file), folder);
      show(output, { folder }, () => [
        `Restored into ${folder}. The next start goes on from there; runs whose workflow is missing are started again.`,
        'Without the master key of before (master.key, or COUNTERSIGN_MASTER_KEY), what was sealed under it stays sealed.',
      ]);
    });
}

function embeddedFolder(home: string | undefined): string {
  if (givenDatabaseUrl('countersign_backup') !== undefined)
    throw new UsageError(
      'The database of DATABASE_URL is dumped with pg_dump, by the login countersign_backup.',
    );
  return pgliteDataFolder(resolve(home ?? homeFolder()));
}
