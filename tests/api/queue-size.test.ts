import { randomUUID } from 'node:crypto';
import type { Caller } from '../../api/caller';
import { readQueue } from '../../api/reads/queue';
import { gateQuery } from '../../contract/wire/gate';
import type { Transaction } from '../../db/transaction';
import { testDatabase } from '../support/database';
import { proofOf } from '../support/proofs';
import { sale, sqlRuns, type Farm, type GateRow } from '../sql/support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

/** Open gates of one tenant; the embedded Postgres takes a tenth of them in the same time. */
const GATES = { native: 100_000, embedded: 10_000 };
const GATES_OF_A_RUN = 40;
const WINDOW_ROWS = 1_000;
let farm: Farm;

/** Copies of one run with its proposal and gate, which differ by ids and times alone. */
async function fill(gate: GateRow, count: number): Promise<void> {
  const copies = (table: string, from: string, changes: string, series: number): string =>
    `insert into core.${table} select (jsonb_populate_record(one, jsonb_build_object(${changes}))).*
     from core.${table} one, generate_series(0, ${series} - 1) as n where one.id = '${from}'`;
  const id = (kind: string, n = 'n'): string =>
    `overlay(overlay(md5('${kind}' || ${n}) placing '7' from 13) placing '8' from 17)::uuid`;
  const at = "to_jsonb(one.due_at + n * interval '1 second')";
  await database.look('alter table core.runs disable trigger event_of_row');
  await database.look(copies('runs', gate.run_id, `'id', ${id('run')}`, count / GATES_OF_A_RUN));
  await database.look('alter table core.runs enable always trigger event_of_row');
  const ofRun = `'run_id', ${id('run', `n / ${GATES_OF_A_RUN}`)}`;
  const ordinal = `'ordinal', n % ${GATES_OF_A_RUN}`;
  await database.look(
    copies('proposals', gate.proposal_id, `'id', ${id('proposal')}, ${ofRun}, ${ordinal}`, count),
  );
  await database.look(
    copies(
      'gates',
      gate.id,
      `'id', ${id('gate')}, ${ofRun}, 'proposal_id', ${id('proposal')}, 'due_at', ${at},
       'opened_at', to_jsonb(one.opened_at - n * interval '1 second')`,
      count,
    ),
  );
  await database.look('analyze core.gates, core.proposals, core.runs');
}

beforeAll(async () => {
  farm = await runs.farm();
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  await fill(gates[0] as GateRow, database.isNative ? GATES.native : GATES.embedded);
}, 300_000);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows of gates that a plan has read, by the kind of scan. */
function readGates(plan: Plan): { readonly scan: string; readonly rows: number }[] {
  const below = (plan.Plans ?? []).flatMap(readGates);
  if (plan['Relation Name'] !== 'gates') return below;
  const rows = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  return [{ scan: plan['Node Type'], rows }, ...below];
}

const asked = (query: object) => gateQuery.parse(query);
const callerOf = (farmer: Farm, roles: Caller['roles']): Caller => ({
  tenantId: farmer.id,
  userId: farmer.owner.userId,
  displayName: 'Owner',
  kind: 'person',
  roles,
  keyId: farmer.owner.keyId,
  proof: proofOf(farmer.owner.token),
  authenticatedAt: new Date().toISOString(),
});

/** A page, and what every statement of it read of the gates. */
async function measured(query: object) {
  return await database.as('api', farm.id, async (transaction) => {
    const scans: { readonly scan: string; readonly rows: number }[][] = [];
    const recording: Transaction = {
      ...transaction,
      async rows<Row extends object>(text: string, parameters: readonly unknown[] = []) {
        const [explained] = await transaction.rows<{ 'QUERY PLAN': readonly [{ Plan: Plan }] }>(
          `explain (analyze, format json) ${text}`,
          parameters,
        );
        if (explained !== undefined) scans.push(readGates(explained['QUERY PLAN'][0].Plan));
        return await transaction.rows<Row>(text, parameters);
      },
    };
    const page = await readQueue(recording, callerOf(farm, ['admin', 'reviewer']), asked(query));
    return { page, scans };
  });
}

it.each([
  [{ state: 'open' }],
  [{ state: 'open', sort: 'opened_at' }],
  [{ state: 'open', due_after: '2026-01-01T00:00:00Z', due_before: '2090-01-01T00:00:00Z' }],
  [{ state: 'open', decidable: 'true', claimed_by: 'nobody' }],
  [{ state: 'open', class: 'routine' }],
  [{ state: 'open', record_type: 'note', purpose: 'farm.record' }],
  [{ state: 'open', claimed_by: 'me' }],
  [{ state: 'open', waiting_for: 'requester' }],
  [{ state: 'closed' }],
  [{}],
])(
  'reads %j by an index, a thousand rows a statement at most',
  async (query) => {
    const { scans } = await measured(query);
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.length).toBeLessThanOrEqual(2 * 10 + 1);
    for (const scan of scans.flat()) {
      expect(scan.scan).toMatch(/Index|Bitmap/);
      // Ten windows of ten thousand rows reach their end, where it is cheaper to sort the few that are left.
      expect(scan.rows).toBeLessThanOrEqual(database.isNative ? WINDOW_ROWS : 3 * WINDOW_ROWS);
    }
  },
  60_000,
);

it('goes on after the last row that was looked at, where a page finds nothing among thousands', async () => {
  const { page } = await measured({ state: 'open', class: 'routine' });
  expect(page.items).toEqual([]);
  expect(page.next_cursor).not.toBeNull();
  const next = await measured({ state: 'open', class: 'routine', cursor: page.next_cursor });
  expect(next.page.next_cursor).not.toBe(page.next_cursor);
});

it('shows every gate once, whichever way it is paged through', async () => {
  const seen = new Set<string>();
  const order: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 5; pages += 1) {
    const { page } = await measured({
      state: 'open',
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, due_at } of page.items) {
      seen.add(id);
      order.push(due_at);
    }
    cursor = page.next_cursor ?? undefined;
  }
  expect(seen.size).toBe(1_000);
  expect(order).toEqual([...order].sort());
});

it('finds one gate by the end of its id', async () => {
  const [one] = await database.look<{ id: string }>(
    'select id::text from core.gates where tenant_id = $1 order by due_at offset 5000 limit 1',
    [farm.id],
  );
  const { page } = await measured({ state: 'open', id_ends: one?.id.slice(-12) });
  expect(page.items.map(({ id }) => id)).toEqual([one?.id]);
  const none = await measured({ state: 'open', id_ends: randomUUID().slice(-12) });
  expect(none.page.items).toEqual([]);
});
