import type { Database } from '../db/pool';
import { inTenant, type Transaction } from '../db/transaction';
import type { Registry } from '../packs/registry';
import type { RouteAnswer, RouteBodyParsed, RouteQuery } from '../contract/wire/routes';
import type { RouteName } from '../contract/wire/endpoints';
import type { Authenticator, Caller } from './caller';
import type { WebhookAddresses } from './http/public-address';
import type { Logger } from './log';
import type { Workflows } from './workflows';

/** Everything that handlers need from outside. Only the composition root builds it. */
export interface Api {
  /** In the role of the API. */
  readonly database: Database;
  readonly authenticate: Authenticator;
  readonly registry: Registry;
  readonly workflows: Workflows;
  /** Which addresses webhooks may have. */
  readonly webhooks: WebhookAddresses;
  readonly log: Logger;
}

/** A request that was authenticated, allowed and checked. */
export interface Asked<Name extends RouteName> {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: RouteQuery<Name>;
  readonly body: RouteBodyParsed<Name>;
  /** Headers that routes may ask for. */
  readonly idempotencyKey: string;
  readonly expectedVersion: number;
  readonly waitSeconds: number;
  /** Aborts when the caller goes away or the process drains. */
  readonly signal: AbortSignal;
}

export interface Answered<Name extends RouteName> {
  readonly status: number;
  readonly body?: RouteAnswer<Name>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler<Name extends RouteName> = (api: Api, asked: Asked<Name>) => Promise<Answered<Name>>;

/** A transaction of the caller's tenant, which presents the caller's key. */
export async function asCaller<Result>(
  api: Api,
  caller: Caller,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return await inTenant(api.database, caller.tenantId, work, caller.proof);
}
