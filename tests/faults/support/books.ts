import { verifyChain, type SealedEvent } from '../../../client/verify-chain';
import type { Governed } from '../../support/governed';

/** What is left of a run in the database: everything that a fault could have doubled, lost or left open. */
export interface Traces {
  readonly state: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly settled: boolean;
  readonly actual_credits: string | null;
  /** Legs of the ledger, in order. */
  readonly legs: readonly string[];
  /** Calls that this run made and is billed for, and attempts at them. */
  readonly billed: readonly string[];
  readonly attempts: readonly string[];
  /** How each gate ended, and how many decisions it has. */
  readonly gates: readonly string[];
  readonly intents: readonly string[];
  readonly records: string;
  readonly undecided: string;
  readonly events: readonly string[];
  readonly work: string;
}

export async function tracesOf({ database }: Governed, runId: string): Promise<Traces> {
  const [traces] = await database.look<Traces>(
    `select r.state, r.outcome, r.code, r.settled_at is not null as settled, r.actual_credits::text,
       array(select kind from core.credit_ledger where run_id = r.id order by seq) as legs,
       array(select c.kind || ' ' || c.status from core.run_calls l join core.ai_runs c on c.id = l.ai_run_id
         where l.run_id = r.id and l.billed order by c.claimed_at) as billed,
       array(select a.state from core.ai_run_attempts a join core.ai_runs c on c.id = a.ai_run_id
         where c.run_id = r.id order by a.started_at) as attempts,
       array(select coalesce(o.outcome, 'open') || ' by ' || (select count(*) from core.decisions d where d.gate_id = g.id)
         from core.gates g left join core.gate_outcomes o on o.gate_id = g.id where g.run_id = r.id order by g.opened_at) as gates,
       array(select coalesce(o.outcome, 'none') from core.intents i join core.gates g on g.id = i.gate_id
         left join core.intent_outcomes o on o.intent_id = i.id where g.run_id = r.id order by i.stored_at) as intents,
       (select count(*) from core.records where run_id = r.id)::text as records,
       (select count(*) from core.records w where run_id = r.id
         and not exists (select from core.decisions d where d.id = w.decision_id))::text as undecided,
       array(select type from core.audit_log where run_id = r.id order by seq) as events,
       (select count(*) from core.worklist w where w.ref_id = r.id
         or w.ref_id in (select i.id from core.intents i join core.gates g on g.id = i.gate_id where g.run_id = r.id))::text as work
     from core.runs r where r.id = $1`,
    [runId],
  );
  if (!traces) throw new Error('no such run');
  return traces;
}

/** What a run leaves that was approved by one person, as if nothing had happened to it on the way. */
export const APPROVED: Traces = {
  state: 'closed',
  outcome: 'approved',
  code: null,
  settled: true,
  actual_credits: '1',
  legs: ['reserve', 'settle'],
  billed: ['primary succeeded'],
  attempts: ['answered'],
  gates: ['approved by 1'],
  intents: ['applied'],
  records: '1',
  undecided: '0',
  events: [
    'run.accepted',
    'credit.reserved',
    'advisory.recorded',
    'decision.recorded',
    'credit.settled',
    'run.closed',
  ],
  work: '0',
};

/** What must hold of a tenant's books whatever happened: nothing is held, sums agree, the chain is whole. */
export async function expectBooksHold({ database }: Governed, tenantId: string): Promise<void> {
  const [account] = await database.look(
    `select a.held_nano_usd::text as held, a.spent_nano_usd::text as spent,
       a.balance_credits = (select sum(amount_credits) from core.credit_ledger l where l.tenant_id = a.tenant_id) as adds_up,
       (select coalesce(sum(t.cost_nano_usd), 0)::text from core.ai_run_attempts t where t.tenant_id = a.tenant_id) as billed,
       (select count(*)::text from core.runs r where r.tenant_id = a.tenant_id and r.reserved_credits > 0 and r.settled_at is null) as unsettled,
       (select count(*)::text from core.audit_pending p where p.tenant_id = a.tenant_id) as unsealed
     from core.accounts a where a.tenant_id = $1`,
    [tenantId],
  );
  expect(account).toMatchObject({ held: '0', adds_up: true, unsettled: '0', unsealed: '0' });
  expect(account).toHaveProperty('spent', (account as { billed: string }).billed);
  const events = await database.as('api', tenantId, (transaction) =>
    transaction.rows<SealedEvent & { seq: bigint }>('select * from app.events order by seq'),
  );
  const report = await verifyChain(
    tenantId,
    events.map((event) => ({ ...event, seq: String(event.seq) })),
  );
  expect(report).toMatchObject({ holds: true, withheld: 0, events: events.length });
}
