import type { LedgerLeg } from '../../contract/wire/account';
import { inTenant } from '../../db/transaction';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readEvidence } from '../reads/evidence';
import { digits, digitsOrNull, mapPage, readPage } from '../reads/keyset';

interface AccountRow {
  readonly tenant_id: string;
  readonly balance_credits: bigint;
  readonly ledger_seq: bigint;
  readonly day: string;
  readonly held_nano_usd: bigint;
  readonly spent_nano_usd: bigint;
  readonly budget: bigint | null;
}

export const getAccount: Handler<'credits.get'> = async (api, { caller }) => {
  const [row] = await asCaller(api, caller, (transaction) =>
    transaction.rows<AccountRow>(
      `select a.*, (select daily_token_budget_nano_usd from app.policies order by version desc limit 1) as budget
       from app.account a`,
    ),
  );
  if (row === undefined) throw new ApiProblem('not_found');
  return {
    status: 200,
    body: {
      tenant_id: row.tenant_id,
      balance_credits: digits(row.balance_credits),
      ledger_seq: digits(row.ledger_seq),
      day: row.day,
      held_nano_usd: digits(row.held_nano_usd),
      spent_nano_usd: digits(row.spent_nano_usd),
      daily_budget_nano_usd: digitsOrNull(row.budget),
    },
  };
};

interface LegRow {
  readonly seq: bigint;
  readonly kind: LedgerLeg['kind'];
  readonly run_id: string | null;
  readonly amount_credits: bigint;
  readonly balance_after: bigint;
  readonly reserved_credits: bigint | null;
  readonly actual_credits: bigint | null;
  readonly deducted_credits: bigint | null;
  readonly shortfall_credits: bigint | null;
  readonly actor_user_id: string | null;
  readonly at: string;
}

export const listLegs: Handler<'credits.ledger'> = async (api, { caller, query }) => {
  const page = await asCaller(api, caller, (transaction) =>
    readPage<LegRow>(
      transaction,
      {
        list: 'ledger',
        select: 'select * from app.ledger',
        conditions: [{ text: 'run_id = $', value: query.run_id }],
        order: [['seq', 'bigint']],
        direction: 'desc',
      },
      query,
    ),
  );
  return { status: 200, body: mapPage(page, toLeg) };
};

function toLeg(row: LegRow): LedgerLeg {
  return {
    seq: digits(row.seq),
    kind: row.kind,
    run_id: row.run_id,
    amount_credits: digits(row.amount_credits),
    balance_after: digits(row.balance_after),
    reserved_credits: digitsOrNull(row.reserved_credits),
    actual_credits: digitsOrNull(row.actual_credits),
    deducted_credits: digitsOrNull(row.deducted_credits),
    shortfall_credits: digitsOrNull(row.shortfall_credits),
    actor_user_id: row.actor_user_id,
    at: row.at,
  };
}

interface Granted extends Outcome {
  readonly seq: string;
  readonly balance: string;
}

/** Credits for a tenant, by a person of the platform; the leg is in the tenant's ledger and chain. */
export const grantCredits: Handler<'credits.grant'> = async (api, { caller, body, idempotencyKey }) => {
  await asCaller(api, caller, async (transaction) => {
    const tenants = await transaction.rows(
      "select id from app.tenant_list where id = $1 and kind <> 'platform'",
      [body.tenant_id],
    );
    if (tenants.length === 0) throw new ApiProblem('tenant_not_found');
  });
  const granted = await inTenant(
    api.database,
    body.tenant_id,
    (transaction) =>
      transaction.value<Granted>('select app.grant_credits($1, $2, $3)', [
        body.amount_credits,
        idempotencyKey,
        caller.userId,
      ]),
    caller.proof,
  );
  const { outcome, seq, balance } = refuseIf(granted);
  return {
    status: 201,
    body: { tenant_id: body.tenant_id, seq, balance_credits: balance },
    headers: outcome === 'replayed' ? { 'Idempotency-Replayed': 'true' } : {},
  };
};

export const getEvidence: Handler<'evidence.get'> = async (api, { caller }) => ({
  status: 200,
  body: await asCaller(api, caller, readEvidence),
});
