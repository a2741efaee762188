import { everyItem, type Client } from '../../client/index';
import type { ChainReport } from '../../client/verify-chain';
import type { Account, Evidence, LedgerLeg } from '../../contract/wire/account';
import type { Call } from '../../contract/wire/call';
import type { Decision } from '../../contract/wire/decision';
import type { Event } from '../../contract/wire/event';
import type { Gate } from '../../contract/wire/gate';
import type { RecordWritten } from '../../contract/wire/record';
import type { Run } from '../../contract/wire/run';
import type { Stage } from './stage';

/** A run with everything that the API tells of it. */
export interface RunBook {
  readonly tenantId: string;
  readonly run: Run;
  readonly calls: readonly Call[];
  readonly legs: readonly LedgerLeg[];
  readonly gates: readonly Gate[];
  readonly decisions: readonly Decision[];
  readonly records: readonly RecordWritten[];
  readonly events: readonly Event[];
}

/** The books of a tenant, oldest first, as its auditor reads them. */
export interface TenantBook {
  readonly tenantId: string;
  readonly account: Account;
  readonly legs: readonly LedgerLeg[];
  readonly evidence: Evidence;
  readonly events: readonly Event[];
  readonly runs: readonly RunBook[];
}

export interface ChainBook {
  readonly tenantId: string;
  readonly report: ChainReport;
  /** The length that the API itself states. */
  readonly headSeq: string;
}

export interface Books {
  readonly tenants: readonly TenantBook[];
  readonly chains: readonly ChainBook[];
}

/** Reads everything over HTTP: of each tenant as somebody who may see its books, of the platform as its admin. */
export async function readBooks(stage: Stage): Promise<Books> {
  const readers = [stage.as('owner'), stage.as('auditor'), ...stage.otherReaders];
  const tenants: TenantBook[] = [];
  const chains: ChainBook[] = [];
  for (const reader of readers) tenants.push(await readTenant(reader));
  for (const reader of [...readers, stage.as('platform')]) chains.push(await readChain(reader));
  return { tenants, chains };
}

async function readTenant(reader: Client): Promise<TenantBook> {
  const { tenant } = await reader.me();
  const legs = (await all((cursor) => reader.credits.ledger({ cursor, limit: 200 }))).reverse();
  const decisions = await all((cursor) => reader.decisions.list({ cursor, limit: 200 }));
  const gates = await all((cursor) => reader.gates.list({ cursor, limit: 200 }));
  const records = await all((cursor) => reader.records.list({ cursor, limit: 200 }));
  const events: Event[] = [];
  for await (const event of reader.audit.events()) events.push(event);
  const runs: RunBook[] = [];
  for (const { id } of (await all((cursor) => reader.runs.list({ cursor, limit: 200 }))).reverse()) {
    const ofRun = <Item extends { readonly run_id: string | null }>(items: readonly Item[]): Item[] =>
      items.filter(({ run_id: runId }) => runId === id);
    runs.push({
      tenantId: tenant.id,
      run: await reader.runs.get(id),
      calls: await all((cursor) => reader.runs.calls(id, { cursor, limit: 200 })),
      legs: ofRun(legs),
      gates: ofRun(gates),
      decisions: ofRun(decisions),
      records: ofRun(records),
      events: ofRun(events),
    });
  }
  return {
    tenantId: tenant.id,
    account: await reader.credits.get(),
    legs,
    evidence: await reader.evidence(),
    events,
    runs,
  };
}

/** Verifies a chain against its head. */
async function readChain(reader: Client): Promise<ChainBook> {
  const { tenant_id: tenantId, seq } = await reader.audit.head();
  return { tenantId, report: await reader.audit.verify(), headSeq: seq };
}

async function all<Item>(page: Parameters<typeof everyItem<Item>>[0]): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of everyItem(page)) items.push(item);
  return items;
}
