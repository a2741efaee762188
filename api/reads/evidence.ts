import type { Evidence } from '../../contract/wire/account';
import type { Transaction } from '../../db/transaction';
import { ApiProblem } from '../problem';

type Counts = Record<string, string>;

/** The row of `app.evidence`. */
interface EvidenceRow {
  readonly tenant_id: string;
  readonly at: string;
  readonly runs: { total: string; open: string; reserved: string; actual: string; held: string };
  readonly run_outcomes: Counts;
  readonly calls: { total: string; cost_nano_usd: string };
  readonly call_statuses: Counts;
  readonly attempts_cost_nano_usd: string;
  readonly balance_credits: string | null;
  readonly ledger: {
    total: string;
    sum: string;
    granted: string;
    reserved: string;
    settled: string;
    actual: string;
    deducted: string;
    shortfall: string;
  };
  readonly gates: { total: string; open: string };
  readonly gate_outcomes: Counts;
  readonly decisions: string;
  readonly decision_verdicts: Counts;
  readonly decision_actors: Counts;
  readonly records: string;
  readonly event_types: Counts;
  readonly events: string;
  readonly head_seq: string | null;
  readonly head_hash: string | null;
}

/** Totals of the tenant, and the pairs of them that must be equal. */
export async function readEvidence(transaction: Transaction): Promise<Evidence> {
  const [row] = await transaction.rows<EvidenceRow>('select * from app.evidence');
  if (row === undefined) throw new ApiProblem('not_found');
  return {
    tenant_id: row.tenant_id,
    at: row.at,
    runs: { total: row.runs.total, open: row.runs.open, by_outcome: row.run_outcomes },
    calls: {
      total: row.calls.total,
      by_status: row.call_statuses,
      cost_nano_usd: row.calls.cost_nano_usd,
      attempts_cost_nano_usd: row.attempts_cost_nano_usd,
    },
    credits: {
      balance: row.balance_credits ?? '0',
      ledger_sum: row.ledger.sum,
      granted: row.ledger.granted,
      reserved: row.ledger.reserved,
      settled: row.ledger.settled,
      actual: row.ledger.actual,
      deducted: row.ledger.deducted,
      shortfall: row.ledger.shortfall,
      runs_held: row.runs.held,
    },
    gates: { total: row.gates.total, open: row.gates.open, by_outcome: row.gate_outcomes },
    decisions: {
      total: row.decisions,
      by_verdict: row.decision_verdicts,
      by_actor_kind: row.decision_actors,
    },
    records: row.records,
    events: {
      total: row.events,
      by_type: row.event_types,
      head_seq: row.head_seq ?? '0',
      head_hash: row.head_hash ?? '',
    },
    checks: checksOf(row),
  };
}

function checksOf(row: EvidenceRow): Evidence['checks'] {
  const events = (...types: readonly string[]): string => sum(...types.map((type) => row.event_types[type]));
  const pairs: readonly (readonly [name: string, left: string, right: string])[] = [
    ['balance is the sum of the ledger', row.balance_credits ?? '0', row.ledger.sum],
    [
      'every leg has its event',
      row.ledger.total,
      events('credit.granted', 'credit.reserved', 'credit.settled'),
    ],
    ['what runs reserved is what the ledger reserved', row.runs.reserved, row.ledger.reserved],
    ['what runs cost is what the ledger settled', row.runs.actual, row.ledger.actual],
    ['every run has its event', row.runs.total, events('run.accepted')],
    [
      'every closed run has its event',
      sum(...Object.values(row.run_outcomes)),
      events('run.closed', 'run.refused'),
    ],
    ['every decision has its event', row.decisions, events('decision.recorded')],
    ['calls cost what their attempts cost', row.calls.cost_nano_usd, row.attempts_cost_nano_usd],
    [
      'every gate is open or has its outcome',
      row.gates.total,
      sum(row.gates.open, ...Object.values(row.gate_outcomes)),
    ],
    ['the head counts all events', row.head_seq ?? '0', row.events],
  ];
  return pairs.map(([name, left, right]) => ({ name, left, right, holds: left === right }));
}

function sum(...amounts: readonly (string | undefined)[]): string {
  return amounts.reduce((total, amount) => total + BigInt(amount ?? '0'), 0n).toString();
}
