import { ERRORS, isErrorCode, type ErrorCode } from '../../contract/errors';
import type { BulkAnswer } from '../../contract/wire/queue';
import type { Intent } from '../../contract/wire/decision';
import { asCaller, type Handler } from '../context';
import { canonicalJson } from '../http/json-text';
import { ApiProblem, problemOf, type Outcome } from '../problem';
import { codeOf, deliver } from './decide';

/** Verdicts that are delivered at once, and for how long any are: what is left, the sweep delivers. */
const DELIVERIES_AT_ONCE = 8;
const DELIVERING_MS_MAX = 10_000;

interface StoredItem {
  readonly gate_id: string;
  readonly run_id: string | null;
  readonly intent_id: string | null;
  readonly code: string | null;
  readonly now: Readonly<Record<string, unknown>> | null;
  readonly changed: readonly string[];
}

interface StoredTogether extends Outcome {
  readonly items: readonly StoredItem[] | readonly UnfitItem[];
}

interface UnfitItem {
  readonly place: number;
  readonly why: string;
}

const WHY: Readonly<Record<string, string>> = {
  missing: 'There is no such gate.',
  repeated: 'The gate is named twice.',
  protected: 'The gate is of a protected class, which is decided alone.',
  record_type: 'The gate is of another record type than the first.',
  purpose: 'The gate is of another purpose, or another version of it, than the first.',
  policy: 'The gate was opened under another version of the policy than the first.',
};

/**
 * One verdict on many routine gates. All are stored in one transaction, each as an intent of its own, which is delivered and
 * applied like any other; from that commit on each that was stored is accepted, and the answer says of each what became of it.
 */
export const decideTogether: Handler<'decisions.create'> = async (api, asked) => {
  const { caller, body, idempotencyKey, signal } = asked;
  const stored = await asCaller(api, caller, (transaction) =>
    transaction.value<StoredTogether>(
      `select app.store_intents(p_key => $1, p_request => $2, p_items => $3::jsonb, p_verdict => $4, p_reason_code => $5,
         p_rationale => $6, p_key_id => $7, p_authenticated_at => $8, p_actor_user_id => $9)`,
      [
        idempotencyKey,
        canonicalJson(body),
        JSON.stringify(body.gates),
        body.verdict,
        body.reason_code ?? null,
        body.rationale ?? null,
        caller.keyId,
        caller.authenticatedAt,
        caller.userId,
      ],
    ),
  );
  if (stored.outcome === 'refused') throw refusal(stored);
  const items = stored.items as readonly StoredItem[];
  const until = performance.now() + DELIVERING_MS_MAX;
  const waiting = items.flatMap(({ run_id, intent_id, gate_id }) =>
    run_id === null || intent_id === null ? [] : [{ id: intent_id, run_id, gate_id }],
  );
  await atMost(DELIVERIES_AT_ONCE, waiting, async (intent) => {
    if (performance.now() > until || signal.aborted) return;
    // Accepted is accepted: whatever breaks after the commit, the rows say what has become of it.
    await deliver(api, caller, intent, signal).catch(() => undefined);
  });
  const outcomes = await asCaller(api, caller, (transaction) =>
    transaction.rows<Pick<Intent, 'id' | 'outcome' | 'code' | 'decision_id'>>(
      'select id, outcome, code, decision_id from app.intents where id = any ($1::uuid[])',
      [waiting.map(({ id }) => id)],
    ),
  );
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  return {
    status: 200,
    body: { items: items.map((item) => answerOf(item, byId.get(item.intent_id ?? ''))) },
  };
};

function refusal({ code, items }: StoredTogether): ApiProblem {
  if (code !== 'not_decided_together') return problemOf(code);
  const unfit = items as readonly UnfitItem[];
  return new ApiProblem('not_decided_together', {
    errors: unfit.map(({ place, why }) => ({ pointer: `/gates/${place}`, message: WHY[why] ?? why })),
  });
}

function answerOf(
  { gate_id, intent_id, code, now, changed }: StoredItem,
  intent: Pick<Intent, 'outcome' | 'code' | 'decision_id'> | undefined,
): BulkAnswer['items'][number] {
  const refused = known(intent === undefined ? code : intent.outcome === 'applied' ? null : codeOf(intent));
  const status = refused !== null ? ERRORS[refused].status : intent?.outcome === 'applied' ? 200 : 202;
  return {
    gate_id,
    status,
    intent_id,
    decision_id: intent?.decision_id ?? null,
    code: refused,
    now: now === null ? null : { ...now },
    changed: [...changed],
  };
}

function known(code: string | null | undefined): ErrorCode | null {
  if (code === null || code === undefined) return null;
  return isErrorCode(code) ? code : 'internal';
}

/** Does work for each item, so many at once at most. */
async function atMost<Item>(
  count: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, worker));
}
