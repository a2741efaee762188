import type { Command } from 'commander';
import { runDemo } from '../../stack/demo/main';
import { bootstrapAdmin } from '../../stack/bootstrap-admin';
import { examine } from '../../stack/doctor';
import type { Check } from '../../stack/doctor/check';
import { runStack } from '../../stack/main';
import { migrateDatabase } from '../../stack/migrate';
import { seed, tokenLines } from '../../stack/seed/seed';
import { givenDatabaseUrl, homeFolder } from '../../stack/settings';
import { contextOf } from '../context';
import { EXIT, UsageError } from '../exit-codes';
import { kmsChecks } from '../kms-check';
import { show } from '../output';

/** `start`, `demo`, `migrate` and `doctor`. */
export function addStackCommands(program: Command): void {
  program
    .command('start')
    .description(
      'bring up database, Temporal, worker and API on the data folder, and keep them up until Ctrl-C',
    )
    .option('--no-seed', 'leave the database as it is')
    .action(async (options: { readonly seed: boolean }, command: Command) => {
      process.exitCode = await start(options.seed, contextOf(command).options.home);
    });

  program
    .command('demo')
    .description('play the main job on a stack of its own, and prove that every invariant holds')
    .option('--keep', 'keep the data folder, which is otherwise removed when all went well')
    .action(async (options: { readonly keep?: boolean }, command: Command) => {
      const { options: common, output } = contextOf(command);
      process.exitCode = await runDemo({
        json: output.isJson,
        keep: options.keep === true,
        ...(common.home === undefined ? {} : { home: common.home }),
      });
    });

  program
    .command('migrate')
    .description(
      'bring the database of DATABASE_URL to this version: schema, functions, purposes, record types',
    )
    .action(async (_options: object, command: Command) => {
      const url = givenDatabaseUrl('countersign_migrator');
      if (url === undefined)
        throw new UsageError('Set DATABASE_URL. The embedded database is migrated by each start.');
      const done = await migrateDatabase((role) => givenDatabaseUrl(role) ?? url);
      show(contextOf(command).output, done, () => [
        ...done.applied.map((name) => `Applied ${name}`),
        ...done.registered.map((name) => `Registered ${name}`),
        ...(done.knowledge.added > 0
          ? [`Shared ${done.knowledge.added} facts, to be embedded by a worker`]
          : []),
        ...done.indexed.map((tenant) => `Indexed the passages of ${tenant}`),
        done.refreshed ? 'Functions, views and grants are new.' : 'The schema was up to date.',
      ]);
    });

  program
    .command('bootstrap')
    .description(
      "make the platform's first admin, or another key for the one that is there, in the database of DATABASE_URL_MIGRATOR or DATABASE_URL; prints the key, once",
    )
    .action(async (_options: object, command: Command) => {
      const url = givenDatabaseUrl('countersign_migrator');
      if (url === undefined)
        throw new UsageError('Set DATABASE_URL. The embedded database gets its people by each start.');
      const admin = await bootstrapAdmin(url);
      show(contextOf(command).output, admin, () => [
        `${admin.display_name}  ${admin.token}`,
        'It is shown this once: the database has its hash alone.',
      ]);
    });

  program
    .command('doctor')
    .description(
      'look at what is installed, running, reachable, migrated, and about to run out; exits 1 when something must be mended, 6 when something only does not answer',
    )
    .action(async (_options: object, command: Command) => {
      const { options, output } = contextOf(command);
      const { url, key } = options;
      const examined = await examine(options.home ?? homeFolder(), {
        ...(url === undefined ? {} : { url }),
        ...(key === undefined ? {} : { keys: [key] }),
      });
      const checks = [...examined, ...(await kmsChecks())];
      show(output, { checks }, () => checkLines(checks));
      process.exitCode = exitCodeOfChecks(checks);
    });
}

/** A line a check, and below it what to do. */
function checkLines(checks: readonly Check[]): string[] {
  const names = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, verdict, detail, remedy }) => [
    `${name.padEnd(names)}  ${verdict.padEnd(4)}  ${detail}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(names + 8)}→ ${remedy}`]),
  ]);
}

function exitCodeOfChecks(checks: readonly Check[]): number {
  const found = new Set(checks.map(({ verdict }) => verdict));
  if (found.has('fail')) return EXIT.failed;
  return found.has('away') ? EXIT.unavailable : EXIT.ok;
}

async function start(isSeeded: boolean, home: string | undefined): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  return await runStack({
    print,
    ...(home === undefined ? {} : { home }),
    migrate: async (databaseUrl) => {
      const { applied, registered, knowledge } = await migrateDatabase(databaseUrl);
      if (applied.length > 0) print(`Applied ${applied.length} migrations`);
      if (registered.length > 0) print(`Registered ${registered.length} purposes and record types`);
      if (knowledge.added > 0) print(`Shared ${knowledge.added} facts of husbandry, which a worker embeds`);
    },
    prepare: async (stack) => {
      if (!isSeeded) return;
      const people = await seed(stack, print);
      print('');
      for (const line of tokenLines(people)) print(line);
      print('');
    },
  });
}
