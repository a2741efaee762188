import { judge, OUTPUT_CONFORMS } from '../activities/judge';
import { seenDocument } from '../activities/loaded-answer';
import type { SeenDocument } from '../activities/original-sources';
import { readOutput } from '../activities/read-output';
import type { Eval, TenantFacts } from '../contract/pack';
import { config } from '../countersign.config';
import { iamSignIn } from '../db/iam';
import { openDatabase, type Database } from '../db/pool';
import { callInTenant, inTenant } from '../db/transaction';
import { choiceSetting } from '../environment/setting';
import { createRegistry, type Registry } from '../packs/registry';
import { compareRun, retiredEvals, type Verdict } from './eval-comparison';
import { EvalTally, type EvalReport, type UnjudgedCode, type UnjudgedReport } from './eval-tally';

export interface EvalQuery {
  readonly since: Date;
  /** All purposes, evals and tenants by default. */
  readonly purpose?: string;
  readonly evalName?: string;
  readonly tenantId?: string;
  /** So many ids of runs are told for each eval and reason; the counts are always whole. */
  readonly idsMax: number;
}

export interface EvalComparison {
  readonly since: string;
  readonly tenants: number;
  /** Of the period, with an answer of a purpose that is asked about. */
  readonly runs: number;
  readonly judged: number;
  readonly evals: readonly EvalReport[];
  /** Evals that judged these runs then, and judge their purposes no more. */
  readonly retired: readonly { readonly name: string; readonly runs: number }[];
  readonly unjudged: readonly UnjudgedReport[];
}

/** That a purpose, an eval or a tenant is asked about that is not there. */
export class NothingToCompareError extends Error {
  override readonly name = 'NothingToCompareError';
}

interface StoredAnswer {
  readonly run_id: string;
  readonly created_at: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly code: 'not_evaluated' | 'content_withheld' | 'content_altered' | null;
  readonly prompt: string | null;
  readonly output: string | null;
  readonly evals: readonly Verdict[];
}

interface StoredAnswers {
  readonly tenant: TenantFacts;
  readonly answers: readonly StoredAnswer[];
}

const PIECE = 25;
/** Before every run's id. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Judges stored answers by the evals that their purposes have now, in the newest version that a pack declares, and counts what
 * would have been another verdict than the stored one. An answer is read by the schema of the version that it was given for;
 * what the model saw is the prompt as it was sent, the tenant's facts are those of now. Nothing is written of the runs; that
 * they were read is an event of their tenant.
 * @param database in the worker's role
 * @param piece so many are read in one transaction
 * @throws NothingToCompareError for a purpose, an eval or a tenant that is not there
 */
export async function compareEvals(
  database: Database,
  registry: Registry,
  query: EvalQuery,
  piece = PIECE,
): Promise<EvalComparison> {
  requireDeclared(registry, query);
  const tenants = await tenantIds(database, query.tenantId);
  const tally = new EvalTally(query.idsMax);
  let runs = 0;
  for (const tenantId of tenants) {
    let place = { since: query.since.toISOString(), after: NOBODY };
    for (;;) {
      const { tenant, answers } = await callInTenant<StoredAnswers>(
        database,
        tenantId,
        'select app.load_judged_answers($1, $2, $3, $4)',
        [place.since, place.after, query.purpose ?? null, piece],
      );
      for (const answer of answers) if (compareOne(registry, query, tenant, answer, tally)) runs += 1;
      const last = answers.at(-1);
      if (last === undefined || answers.length < piece) break;
      place = { since: last.created_at, after: last.run_id };
    }
  }
  return {
    since: query.since.toISOString(),
    tenants: tenants.length,
    runs,
    judged: tally.judged,
    evals: tally.evals(),
    retired: tally.retired(),
    unjudged: tally.unjudged(),
  };
}

/** Counts one run; what is wrong with one holds up no other. False when no eval that was asked about is of its purpose. */
function compareOne(
  registry: Registry,
  { evalName }: EvalQuery,
  tenant: TenantFacts,
  answer: StoredAnswer,
  tally: EvalTally,
): boolean {
  const isAsked = ({ name }: { readonly name: string }): boolean =>
    evalName === undefined || name === evalName;
  const declared = registry.latestPurpose(answer.purpose)?.evals ?? [];
  const evals = declared.filter(isAsked);
  if (evals.length === 0 && evalName !== undefined && evalName !== OUTPUT_CONFORMS.name) return false;
  const present = answer.code ?? judgeAnew(registry, tenant, answer, evals);
  if (typeof present === 'string') {
    tally.addUnjudged(present, answer.run_id);
    return true;
  }
  const differences = compareRun(answer.evals, present, evals).filter(isAsked);
  tally.add({ tenantId: tenant.id, runId: answer.run_id }, differences);
  if (evalName === undefined) tally.addRetired(retiredEvals(answer.evals, declared));
  return true;
}

/** The verdicts of now, or why there are none. */
function judgeAnew(
  registry: Registry,
  tenant: TenantFacts,
  answer: StoredAnswer,
  evals: readonly Eval[],
): readonly Verdict[] | UnjudgedCode {
  const purpose = registry.purposes.find(
    ({ name, version }) => name === answer.purpose && version === answer.purpose_version,
  );
  if (purpose === undefined) return 'purpose_not_declared';
  const output = readOutput(purpose, answer.output);
  let seen: SeenDocument;
  try {
    seen = seenDocument(answer);
  } catch {
    return 'prompt_unreadable';
  }
  try {
    return judge({ purpose, evals, registry, tenant, seen, output });
  } catch {
    // A pack's own code; which run it was is told, and what it says may be content.
    return 'eval_failed';
  }
}

/** @throws NothingToCompareError when no pack declares what is asked about */
function requireDeclared(registry: Registry, { purpose, evalName }: EvalQuery): void {
  if (purpose !== undefined && registry.latestPurpose(purpose) === undefined)
    throw new NothingToCompareError(`No pack declares the purpose ${purpose}.`);
  if (evalName === undefined || evalName === OUTPUT_CONFORMS.name) return;
  const latest = [...new Set(registry.purposes.map(({ name }) => name))]
    .filter((name) => purpose === undefined || name === purpose)
    .flatMap((name) => registry.latestPurpose(name) ?? []);
  if (!latest.some(({ evals }) => evals.some(({ name }) => name === evalName)))
    throw new NothingToCompareError(`No purpose has the eval ${evalName} now.`);
}

async function tenantIds(database: Database, wanted: string | undefined): Promise<string[]> {
  const rows = await inTenant(database, null, (transaction) =>
    transaction.rows<{ tenant_id: string }>('select tenant_id from app.tenant_ids()'),
  );
  // The platform's own have no runs.
  const ids = rows
    .map(({ tenant_id: id }) => id)
    .filter((id) => (wanted === undefined ? !id.startsWith('__') : id === wanted));
  if (wanted !== undefined && ids.length === 0)
    throw new NothingToCompareError(`There is no tenant ${wanted}.`);
  return ids;
}

/** The same for the packs of this program, in the database that is named, by the settings of the worker. */
export async function compareEvalsFromSettings(
  databaseUrl: string,
  query: EvalQuery,
): Promise<EvalComparison> {
  const withIam = choiceSetting('COUNTERSIGN_DATABASE_IAM', ['off', 'on'], 'off') === 'on';
  const database = openDatabase(databaseUrl, 'worker', {
    connections: 1,
    ...(withIam ? iamSignIn(databaseUrl) : {}),
  });
  try {
    return await compareEvals(database, createRegistry(config.packs), query);
  } finally {
    await database.close();
  }
}
