import { parseKey, type ParsedKey } from '../contract/api-key';
import type { Role } from '../contract/states';
import type { Database } from '../db/pool';
import { callInTenant, type KeyProof } from '../db/transaction';

/** Who sends a request: a member of a tenant, by one of its keys. */
export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly kind: 'person' | 'service';
  readonly roles: readonly Role[];
  readonly keyId: string;
  /** What the key proves itself by to the database, in each transaction that acts for the caller. */
  readonly proof: KeyProof;
  /** When the person behind the key signed in. */
  readonly authenticatedAt: string;
}

interface CallerRow {
  readonly tenant_id: string;
  readonly user_id: string;
  readonly display_name: string;
  readonly kind: 'person' | 'service';
  readonly roles: readonly Role[];
  readonly authenticated_at: string;
}

/** Stands for the tenant of a key that there is not, so that looking for it takes as long. */
const NOBODYS_TENANT = '__global__';

/** Whose key `Authorization: Bearer …` carries; undefined when it is nobody's, whatever is wrong with it. */
export type Authenticator = (authorization: string | undefined) => Promise<Caller | undefined>;

/** Keys whose tenant is remembered. Which tenant a key is of never changes; whether it still lives is asked each time. */
const REMEMBERED_MAX = 10_000;

export function createAuthenticator(database: Database): Authenticator {
  const tenants = new Map<string, string>();
  return async (authorization) => {
    const [, token] = /^Bearer ([^\s]{1,200})$/i.exec(authorization ?? '') ?? [];
    const key = token === undefined ? undefined : parseKey(token);
    if (key === undefined) return undefined;
    const tenantId = tenants.get(key.id) ?? (await tenantOf(database, key.id));
    const caller = await authenticate(database, tenantId ?? NOBODYS_TENANT, key);
    if (caller !== undefined && tenants.size < REMEMBERED_MAX) tenants.set(key.id, caller.tenantId);
    return caller;
  };
}

async function tenantOf(database: Database, keyId: string): Promise<string | null> {
  return await callInTenant<string | null>(database, null, 'select app.tenant_of_key($1)', [keyId]);
}

async function authenticate(
  database: Database,
  tenantId: string,
  key: ParsedKey,
): Promise<Caller | undefined> {
  const row = await callInTenant<CallerRow | null>(
    database,
    tenantId,
    'select (select to_jsonb(holder) from app.authenticate($1, $2) holder)',
    [key.id, key.secretSha256],
  );
  if (row === null) return undefined;
  return {
    tenantId: row.tenant_id,
    userId: row.user_id,
    displayName: row.display_name,
    kind: row.kind,
    roles: row.roles,
    keyId: key.id,
    proof: { keyId: key.id, secretSha256: key.secretSha256 },
    authenticatedAt: row.authenticated_at,
  };
}

/** What a caller may see of the tenant's runs, and of their content. */
export interface Sight {
  /** Undefined: everybody's runs; else those of this person. */
  readonly onlyRequestedBy: string | undefined;
  readonly content: 'all' | 'own' | 'none';
}

/**
 * Reviewers, seniors and admins see content of all runs, requesters of their own. Auditors and operators see that things
 * happened, and no content: an auditor's reading of content is an act that is recorded.
 */
export function sightOf(caller: Caller): Sight {
  const has = (...roles: readonly Role[]): boolean => caller.roles.some((role) => roles.includes(role));
  if (has('reviewer', 'senior', 'admin')) return { onlyRequestedBy: undefined, content: 'all' };
  return {
    onlyRequestedBy: has('auditor', 'operator') ? undefined : caller.userId,
    content: has('requester') ? 'own' : 'none',
  };
}

/** Whether the caller may know of what this person asked for: that there was such a run, and what it shares with others. */
export function seesRunOf(caller: Caller, requestedBy: string): boolean {
  const { onlyRequestedBy } = sightOf(caller);
  return onlyRequestedBy === undefined || onlyRequestedBy === requestedBy;
}

/** What a proposal may be a duplicate of, for those who may see the run that it came from. */
export function shownDuplicate(
  caller: Caller,
  row: { readonly possible_duplicate_of: string | null; readonly duplicate_requested_by: string | null },
): string | null {
  const { possible_duplicate_of: duplicate, duplicate_requested_by: by } = row;
  return by !== null && seesRunOf(caller, by) ? duplicate : null;
}

/** Whether the caller may know who set what the platform allows, and in what words: its admin and auditors. */
export function seesWhoAllowed(caller: Caller): boolean {
  return caller.roles.some((role) => role === 'platform_admin' || role === 'auditor');
}

/** Whether content of what this person asked for is shown to the caller. */
export function seesContent(caller: Caller, requestedBy: string): boolean {
  const { content } = sightOf(caller);
  return content === 'all' || (content === 'own' && requestedBy === caller.userId);
}
