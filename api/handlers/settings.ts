import type { Policy } from '../../contract/wire/policy';
import type { Price, Vendor } from '../../contract/wire/vendor';
import type { Transaction } from '../../db/transaction';
import { seesWhoAllowed, sightOf, type Caller } from '../caller';
import { asCaller, type Answered, type Handler } from '../context';
import { etagOf } from '../http/etag';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { digits, mapPage, readPage } from '../reads/keyset';

type PolicyRow = Omit<Policy, 'daily_token_budget_nano_usd'> & {
  readonly daily_token_budget_nano_usd: bigint;
};

export const getPolicy: Handler<'policy.get'> = async (api, { caller }) =>
  policyAnswer(await asCaller(api, caller, (transaction) => readPolicy(transaction, caller)));

/** Saves the next version, by the version that the caller has seen. */
export const putPolicy: Handler<'policy.put'> = async (api, { caller, body, expectedVersion }) =>
  policyAnswer(
    await asCaller(api, caller, async (transaction) => {
      refuseIf(
        await transaction.value<Outcome>('select app.set_policy($1, $2, $3)', [
          JSON.stringify(body),
          expectedVersion,
          caller.userId,
        ]),
      );
      return await readPolicy(transaction, caller);
    }),
  );

function policyAnswer(policy: Policy): Answered<'policy.get'> & Answered<'policy.put'> {
  return { status: 200, body: policy, headers: { ETag: etagOf(policy.version) } };
}

/** The policy that rules. Why it was changed is free text of a person, so content. */
async function readPolicy(transaction: Transaction, caller: Caller): Promise<Policy> {
  const [row] = await transaction.rows<PolicyRow>(
    `select p.tenant_id, p.version, p.autonomy_tier, p.auto_categories, p.record_autonomy, p.require_human_review_for_phi_extraction,
       p.block_ai_committee_response_drafts, p.require_advisor_for_low_confidence, p.daily_token_budget_nano_usd,
       p.confidence_threshold_permille, p.paused, p.paused_purposes, p.paused_vendors, p.seat_rules, p.blind_first_protected, p.working_calendar, p.reauthenticate_protected_minutes,
       p.undo_window_hours, p.auto_review_permille, c.reason, p.set_by, p.set_at
     from app.policies p join app.policies_content c on c.tenant_id = p.tenant_id and c.version = p.version
     order by p.version desc limit 1`,
  );
  if (row === undefined) throw new ApiProblem('policy_missing');
  return {
    ...row,
    reason: sightOf(caller).content === 'all' ? row.reason : null,
    daily_token_budget_nano_usd: digits(row.daily_token_budget_nano_usd),
  };
}

const MODEL_ORDER = [
  ['vendor', 'text'],
  ['model', 'text'],
  ['region', 'text'],
] as const;

export const listVendors: Handler<'vendors.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<Vendor>(
        transaction,
        { list: 'vendors', select: 'select * from app.vendors', order: MODEL_ORDER, direction: 'asc' },
        query,
      ),
      (row) => shownVendor(row, caller),
    ),
  ),
});

export const getVendor: Handler<'vendors.get'> = async (api, { caller, params }) => {
  const vendor = await asCaller(api, caller, (transaction) => readVendor(transaction, caller, params));
  return { status: 200, body: vendor, headers: { ETag: etagOf(vendor.version) } };
};

export const putVendor: Handler<'vendors.put'> = async (api, { caller, params, body, expectedVersion }) => {
  const vendor = await asCaller(api, caller, async (transaction) => {
    refuseIf(
      await transaction.value<Outcome>('select app.set_vendor($1, $2, $3, $4, $5, $6)', [
        params.vendor,
        params.model,
        params.region,
        JSON.stringify(body),
        expectedVersion,
        caller.userId,
      ]),
    );
    return await readVendor(transaction, caller, params);
  });
  return {
    status: vendor.version === 1 ? 201 : 200,
    body: vendor,
    headers: { ETag: etagOf(vendor.version) },
  };
};

type ModelParams = Readonly<Record<string, string>>;

async function readVendor(transaction: Transaction, caller: Caller, params: ModelParams): Promise<Vendor> {
  const [row] = await transaction.rows<Vendor>(
    'select * from app.vendors where vendor = $1 and model = $2 and region = $3',
    [params.vendor, params.model, params.region],
  );
  if (row === undefined) throw new ApiProblem('not_found');
  return shownVendor(row, caller);
}

function shownVendor(row: Vendor, caller: Caller): Vendor {
  return seesWhoAllowed(caller) ? row : { ...row, notes: null, set_by: null };
}

interface PriceRow extends Omit<Price, `${string}_per_token`> {
  readonly input_nano_usd_per_token: bigint;
  readonly output_nano_usd_per_token: bigint;
  readonly cache_read_nano_usd_per_token: bigint;
  readonly cache_write_nano_usd_per_token: bigint;
}

/** What models cost now: of each, the newest price that has begun and not ended. */
const SELECT_PRESENT_PRICES = `select * from (
    select distinct on (vendor, model, region) * from app.prices
    where valid_from <= app.now() and (valid_until is null or valid_until > app.now())
    order by vendor, model, region, valid_from desc) prices`;

export const listPrices: Handler<'prices.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<PriceRow>(
        transaction,
        { list: 'prices', select: SELECT_PRESENT_PRICES, order: MODEL_ORDER, direction: 'asc' },
        query,
      ),
      (row) => toPrice(row, caller),
    ),
  ),
});

export const getPrices: Handler<'prices.get'> = async (api, { caller, params }) => {
  const prices = await asCaller(api, caller, (transaction) => readPrices(transaction, caller, params));
  if (prices.length === 0) throw new ApiProblem('not_found');
  return priceAnswer(200, params, prices);
};

/** Adds a price. How many there are is the version, since none is ever changed or taken away. */
export const putPrice: Handler<'prices.put'> = async (api, { caller, params, body, expectedVersion }) => {
  const prices = await asCaller(api, caller, async (transaction) => {
    // Two that add a price on one version wait for one another; the second is told that it is stale.
    await transaction.value('select pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
      `price ${params.vendor} ${params.model} ${params.region}`,
    ]);
    const known = await readPrices(transaction, caller, params);
    if (known.length !== expectedVersion) throw new ApiProblem('version_stale');
    refuseIf(
      await transaction.value<Outcome>('select app.set_price($1, $2, $3, $4, $5)', [
        params.vendor,
        params.model,
        params.region,
        JSON.stringify(body),
        caller.userId,
      ]),
    );
    return await readPrices(transaction, caller, params);
  });
  return priceAnswer(prices.length === 1 ? 201 : 200, params, prices);
};

async function readPrices(transaction: Transaction, caller: Caller, params: ModelParams): Promise<Price[]> {
  const rows = await transaction.rows<PriceRow>(
    'select * from app.prices where vendor = $1 and model = $2 and region = $3 order by valid_from desc',
    [params.vendor, params.model, params.region],
  );
  return rows.map((row) => toPrice(row, caller));
}

function priceAnswer(
  status: number,
  { vendor = '', model = '', region = '' }: ModelParams,
  prices: Price[],
): Answered<'prices.get'> & Answered<'prices.put'> {
  return { status, body: { vendor, model, region, prices }, headers: { ETag: etagOf(prices.length) } };
}

function toPrice(row: PriceRow, caller: Caller): Price {
  return {
    vendor: row.vendor,
    model: row.model,
    region: row.region,
    valid_from: row.valid_from,
    valid_until: row.valid_until,
    input_nano_usd_per_token: digits(row.input_nano_usd_per_token),
    output_nano_usd_per_token: digits(row.output_nano_usd_per_token),
    cache_read_nano_usd_per_token: digits(row.cache_read_nano_usd_per_token),
    cache_write_nano_usd_per_token: digits(row.cache_write_nano_usd_per_token),
    set_by: seesWhoAllowed(caller) ? row.set_by : null,
    set_at: row.set_at,
  };
}
