import { genesisHash, verifyChain, type ChainReport, type SealedEvent } from '../../../client/verify-chain';

/** A query as a superuser or the backup role, past row level security. */
export type Look = <Row extends object>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/** Verifies every chain of a database against its own head, from the entries as they lie in the table. */
export async function verifyChains(look: Look): Promise<Map<string, ChainReport>> {
  const heads = await look<{ tenant_id: string; seq: string; entry_hash: string }>(
    "select tenant_id, seq::text, encode(entry_hash, 'hex') as entry_hash from core.chain_heads order by tenant_id",
  );
  const reports = new Map<string, ChainReport>();
  for (const head of heads) {
    const events = await look<SealedEvent>(
      `select seq::text, type, app.utc(at) as at, actor_kind, actor_user_id, run_id, payload, encode(payload_hash, 'hex') as payload_hash,
         encode(prev_hash, 'hex') as prev_hash, encode(entry_hash, 'hex') as entry_hash
       from core.audit_log where tenant_id = $1 order by core.audit_log.seq`,
      [head.tenant_id],
    );
    if (events[0]?.prev_hash !== genesisHash(head.tenant_id))
      throw new Error('a chain does not begin at its genesis');
    reports.set(head.tenant_id, await verifyChain(head.tenant_id, events, { anchors: [head] }));
  }
  return reports;
}

/** Tenants whose chain does not hold up to its head. */
export function brokenChains(reports: ReadonlyMap<string, ChainReport>): string[] {
  return [...reports]
    .filter(([, { holds, fault }]) => !holds || fault !== undefined)
    .map(([tenantId]) => tenantId);
}
