import type { ProviderError } from '../../contract/model';
import type { ModelRef } from '../../contract/pack';
import type { Database } from '../../db/pool';
import { inTenant } from '../../db/transaction';

const PLATFORM = '__platform__';
/** What tells of a model that is not there. Whoever throttles, refuses or answers with nonsense is there. */
const ABSENCES: ReadonlySet<ProviderError['code']> = new Set(['model_unavailable', 'model_timeout']);

/** Whether a failure speaks for the model's being reachable; undefined when it says nothing of the model. */
export function isReachable({ code, kind }: ProviderError): boolean | undefined {
  if (!ABSENCES.has(code)) return true;
  // Without a provider for it, nobody was asked.
  return kind === 'fail' ? undefined : false;
}

/** Tells all workers how a model behaved: its breaker opens after failures in a row, and closes with an answer. */
export async function noteVendor(
  database: Database,
  { vendor, model, region }: ModelRef,
  isAnswering: boolean,
): Promise<void> {
  await inTenant(database, PLATFORM, (transaction) =>
    transaction.value('select app.note_vendor($1, $2, $3, $4)', [vendor, model, region, isAnswering]),
  );
}

/** How long a call waits that met an open breaker: up to half as long again, so that the waiting don't come back at once. */
export function spreadMs(waitMs: number, random = Math.random()): number {
  return Math.ceil(waitMs * (1 + random / 2));
}
