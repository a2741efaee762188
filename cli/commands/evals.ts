import { resolve } from 'node:path';
import type { Command } from 'commander';
import { homeFolder } from '../../stack/settings';
import {
  compareEvalsFromSettings,
  NothingToCompareError,
  type EvalComparison,
} from '../../worker/compare-evals';
import { UNJUDGED_CODES, type EvalReport } from '../../worker/eval-tally';
import { ago, listLimit } from '../arguments';
import { contextOf } from '../context';
import { EXIT, UsageError } from '../exit-codes';
import { show, table } from '../output';
import { workerDatabaseUrl } from '../worker-database';

interface EvalOptions {
  readonly since: Date;
  readonly eval?: string;
  readonly purpose?: string;
  readonly tenant?: string;
  readonly limit: number;
}

/** `evals`: what the evals of this program would say of stored answers. */
export function addEvalCommands(program: Command): void {
  program
    .command('evals')
    .description(
      'judge stored answers by the evals of this program and print which verdicts would be others, with the database of the worker; exits 7 when any would',
    )
    .option(
      '--since <time>',
      'runs of that time: 12h, 30d, or an instant such as 2026-11-01T00:00:00Z',
      ago,
      ago('30d'),
    )
    .option('--eval <name>', 'of one eval; output_conforms is that the answer fits its schema')
    .option('--purpose <purpose>', 'of one purpose')
    .option('--tenant <tenant>', 'of one tenant; all by default')
    .option('--limit <number>', 'name at most so many runs for each eval', listLimit, 20)
    .action(async (query: EvalOptions, command: Command) => {
      const { options, output } = contextOf(command);
      const compared = await compare(workerDatabaseUrl(resolve(options.home ?? homeFolder())), query);
      show(output, compared, () => linesOf(compared));
      process.exitCode = exitOf(compared);
    });
}

async function compare(databaseUrl: string, query: EvalOptions): Promise<EvalComparison> {
  try {
    return await compareEvalsFromSettings(databaseUrl, {
      since: query.since,
      idsMax: query.limit,
      ...(query.eval === undefined ? {} : { evalName: query.eval }),
      ...(query.purpose === undefined ? {} : { purpose: query.purpose }),
      ...(query.tenant === undefined ? {} : { tenantId: query.tenant }),
    });
  } catch (error) {
    if (error instanceof NothingToCompareError) throw new UsageError(error.message);
    throw error;
  }
}

/** That nothing of what is there could be judged is no "nothing would change". */
function exitOf({ runs, judged, evals }: EvalComparison): number {
  if (runs > 0 && judged === 0) return EXIT.failed;
  return evals.some(({ changed }) => changed > 0) ? EXIT.differs : EXIT.ok;
}

function linesOf(compared: EvalComparison): string[] {
  const { since, tenants, runs, judged, evals, retired, unjudged } = compared;
  return [
    `${judged} of ${runs} runs since ${since}, of ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}, judged anew; nothing was written of them.`,
    '',
    ...table(
      [
        'eval',
        'stored',
        'now',
        'runs',
        'same',
        'first, passes',
        'newly failing',
        'newly passing',
        'severity',
      ],
      evals.map((one) => [
        one.name,
        one.stored_versions.join(', '),
        one.version,
        one.judged,
        one.same,
        one.first_passing,
        one.newly_failing,
        one.newly_passing,
        one.severity_changed,
      ]),
    ),
    ...evals.flatMap(changedLines),
    ...(unjudged.length === 0 ? [] : ['', 'Not judged:']),
    ...unjudged.flatMap(({ code, runs: count, run_ids: ids, run_ids_left_off: leftOff }) => [
      `  ${count} ${count === 1 ? 'run' : 'runs'}: ${UNJUDGED_CODES[code]} (${code})`,
      ...ids.map((id) => `    ${id}`),
      ...moreLines(leftOff),
    ]),
    ...(retired.length === 0 ? [] : ['', 'Evals that judged them then and are none of their purposes now:']),
    ...retired.map(({ name, runs: count }) => `  ${name}, ${count} ${count === 1 ? 'run' : 'runs'}`),
  ];
}

function changedLines(one: EvalReport): string[] {
  if (one.changed === 0) return [];
  return [
    '',
    `${one.name} would say something else of ${one.changed} ${one.changed === 1 ? 'run' : 'runs'}:`,
    ...one.changed_runs.map(
      ({ tenant_id: tenantId, run_id: runId, changes }) =>
        `    ${runId}  ${tenantId}  ${changes.join(', ').replaceAll('_', ' ')}`,
    ),
    ...moreLines(one.changed_runs_left_off),
    ...(one.same_version_changed === 0
      ? []
      : [
          `  Of ${one.same_version_changed} of them under the version that was stored: the eval, or what it knows of the tenant, changed without a new one.`,
        ]),
  ];
}

function moreLines(leftOff: number): string[] {
  return leftOff === 0 ? [] : [`    and ${leftOff} more; --limit names up to 200`];
}
