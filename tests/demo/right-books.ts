import { randomUUID } from 'node:crypto';
import type { RecordClass, RunOutcome } from '../../contract/states';
import type { LedgerLeg } from '../../contract/wire/account';
import type { Call } from '../../contract/wire/call';
import type { Decision } from '../../contract/wire/decision';
import type { Event } from '../../contract/wire/event';
import type { Gate } from '../../contract/wire/gate';
import type { Proposal, Run } from '../../contract/wire/run';
import type { Books, ChainBook, RunBook, TenantBook } from '../../stack/demo/books';
import type { RunRole, ToldRun } from '../../stack/demo/stage';

const AT = '2026-11-24T10:00:00Z';
const HASH = 'a'.repeat(64);
const TENANT = 'poultry-farm';

/** What a run of the fixture is like; everything else follows from it as it does in the product. */
interface Like {
  readonly role?: RunRole;
  readonly outcome: RunOutcome;
  readonly code?: string;
  readonly recordClass?: RecordClass;
  readonly reviewers?: number;
  readonly bySystem?: boolean;
  readonly manual?: boolean;
  readonly credits?: readonly [reserved: string, actual: string, deducted: string];
  readonly calls?: readonly Partial<Call>[];
  readonly moreEvents?: readonly string[];
}

const SHARED_CALL = randomUUID();

const RUNS: readonly Like[] = [
  { outcome: 'approved', reviewers: 2, recordClass: 'privileging' },
  { role: 'routine', outcome: 'applied', bySystem: true, recordClass: 'routine' },
  {
    role: 'advised',
    outcome: 'rejected',
    credits: ['1', '3', '2'],
    calls: [{ kind: 'primary' }, { kind: 'advisor' }],
  },
  { role: 'expiring', outcome: 'expired', moreEvents: ['gate.expired'] },
  { role: 'same-key', outcome: 'approved', calls: [{ id: SHARED_CALL }] },
  {
    role: 'same-text',
    outcome: 'rejected',
    credits: ['1', '0', '0'],
    calls: [{ id: SHARED_CALL, billed: false }],
  },
  { role: 'racing', outcome: 'approved' },
  { role: 'racing', outcome: 'refused', code: 'credits_exhausted' },
  { role: 'unlisted', outcome: 'refused', code: 'model_not_listed', moreEvents: ['policy_violation'] },
  {
    role: 'unreachable',
    outcome: 'approved',
    manual: true,
    credits: ['1', '0', '0'],
    calls: [{ status: 'failed' }],
  },
  { role: 'terminated', outcome: 'withdrawn', moreEvents: ['run.reconciled', 'gate.withdrawn'] },
  { role: 'killed', outcome: 'approved' },
];

/** Books in which every invariant holds: one run for each thing that the demo plays. */
export function rightBooks(): { readonly books: Books; readonly told: ToldRun[] } {
  const ledger = new Ledger();
  ledger.add({ kind: 'grant', amount: 100n, runId: null });
  const pairs = RUNS.map((like) => ({ like, book: bookOf(like, ledger) }));
  const runs = pairs.map(({ book }) => book);
  const told = pairs.map(({ like, book }) => ({
    runId: book.run.id,
    tenantId: TENANT,
    what: like.role ?? 'two people',
    role: like.role,
    expected: like.outcome,
  }));
  return { books: { tenants: [tenantOf(ledger, runs)], chains: [chainOf()] }, told };
}

class Ledger {
  readonly legs: LedgerLeg[] = [];
  balance = 0n;

  add(leg: {
    readonly kind: LedgerLeg['kind'];
    readonly amount: bigint;
    readonly runId: string | null;
  }): LedgerLeg {
    this.balance += leg.amount;
    const added: LedgerLeg = {
      seq: String(this.legs.length + 1),
      kind: leg.kind,
      run_id: leg.runId,
      amount_credits: String(leg.amount),
      balance_after: String(this.balance),
      reserved_credits: null,
      actual_credits: null,
      deducted_credits: null,
      shortfall_credits: null,
      actor_user_id: null,
      at: AT,
    };
    this.legs.push(added);
    return added;
  }
}

function bookOf(like: Like, ledger: Ledger): RunBook {
  const id = randomUUID();
  const isRefused = like.outcome === 'refused';
  const [reserved, actual, deducted] = isRefused
    ? (['0', '0', '0'] as const)
    : (like.credits ?? ['1', '1', '0']);
  const calls = isRefused ? [] : (like.calls ?? [{}]).map((part) => callOf(id, part));
  const gate = isRefused ? undefined : gateOf(id, like);
  const decisions = gate === undefined ? [] : decisionsOf(gate, like);
  const returned = BigInt(reserved) > BigInt(actual) ? BigInt(reserved) - BigInt(actual) : 0n;
  return {
    tenantId: TENANT,
    run: runOf(id, like, { reserved, actual, deducted }, calls),
    calls,
    legs: isRefused
      ? []
      : [
          ledger.add({ kind: 'reserve', amount: -BigInt(reserved), runId: id }),
          ledger.add({ kind: 'settle', amount: returned - BigInt(deducted), runId: id }),
        ],
    gates: gate === undefined ? [] : [{ ...gate, decision_id: decisions.at(-1)?.id ?? null }],
    decisions,
    records: decisions.flatMap((decision) => decision.record_ids.map((record) => recordOf(record, decision))),
    events: [
      eventOf(id, 'run.accepted'),
      ...(like.moreEvents ?? []).map((type) => eventOf(id, type)),
      ...decisions.map((decision) => eventOf(id, 'decision.recorded', { decision_id: decision.id })),
      eventOf(id, isRefused ? 'run.refused' : 'run.closed'),
    ],
  };
}

function runOf(
  id: string,
  like: Like,
  paid: Pick<Run['credits'], 'reserved' | 'actual' | 'deducted'>,
  calls: Call[],
): Run {
  return {
    id,
    purpose: 'farm.record',
    purpose_version: 1,
    state: 'closed',
    step: 'audit',
    outcome: like.outcome,
    code: like.code ?? null,
    advisory: like.manual === true ? 'unavailable' : 'available',
    requested_by: randomUUID(),
    subject_user_id: null,
    confidence: 1000,
    workflow_id: id,
    created_at: AT,
    closed_at: AT,
    withdrawn_at: null,
    input: null,
    input_content_id: randomUUID(),
    proposals: like.outcome === 'refused' ? [] : [proposalOf(like)],
    credits: { ...paid, shortfall: '0' },
    cost_nano_usd: '0',
    tokens: { input: '0', output: '0' },
    calls: String(calls.filter(({ billed }) => billed).length),
  } as Run;
}

function proposalOf(like: Like): Proposal {
  return {
    class: like.recordClass ?? 'financial',
    record_type: 'sale',
    state: null,
    outcome: null,
  } as Proposal;
}

function callOf(runId: string, part: Partial<Call>): Call {
  return {
    id: randomUUID(),
    run_id: runId,
    billed: true,
    kind: 'primary',
    model: 'farm-notes-1',
    status: 'succeeded',
    attempts: '1',
    ...part,
  } as Call;
}

function gateOf(runId: string, like: Like): Gate {
  return {
    id: randomUUID(),
    version: 1,
    run_id: runId,
    state: 'closed',
    outcome: like.outcome,
    manual: like.manual === true,
    seats: like.reviewers ?? 1,
  } as Gate;
}

function decisionsOf(gate: Gate, like: Like): Decision[] {
  if (gate.outcome === 'expired' || gate.outcome === 'withdrawn') return [];
  return Array.from({ length: gate.seats }, (_none, seat) => {
    const isLast = seat === gate.seats - 1 && gate.outcome !== 'rejected';
    const decision: Partial<Decision> = {
      id: randomUUID(),
      gate_id: gate.id,
      run_id: gate.run_id,
      class: like.recordClass ?? 'financial',
      gate_version: 1,
      verdict: gate.outcome === 'rejected' ? 'reject' : 'approve',
      actor_kind: like.bySystem === true ? 'system' : 'human',
      actor_user_id: randomUUID(),
      authority_policy_version: like.bySystem === true ? 2 : null,
      manual: gate.manual,
      record_ids: isLast ? [randomUUID()] : [],
    };
    return decision as Decision;
  });
}

function recordOf(id: string, decision: Decision): RunBook['records'][number] {
  return {
    id,
    decision_id: decision.id,
    gate_id: decision.gate_id,
    run_id: decision.run_id,
    proposal_id: randomUUID(),
    record_type: 'sale',
    payload: null,
    content_id: randomUUID(),
    content_hash: HASH,
    written_at: AT,
    corrects: null,
    undoes: null,
    corrected_by: null,
    undone_by: null,
  };
}

function eventOf(runId: string, type: string, body: object = {}): Event {
  return {
    seq: '1',
    type,
    at: AT,
    actor_kind: 'system',
    actor_user_id: null,
    run_id: runId,
    payload: JSON.stringify({ body }),
    payload_hash: HASH,
    prev_hash: HASH,
    entry_hash: HASH,
  };
}

function tenantOf(ledger: Ledger, runs: RunBook[]): TenantBook {
  return {
    tenantId: TENANT,
    account: {
      tenant_id: TENANT,
      balance_credits: String(ledger.balance),
      ledger_seq: String(ledger.legs.length),
      day: '2026-11-24',
      held_nano_usd: '0',
      spent_nano_usd: '0',
      daily_budget_nano_usd: null,
    },
    legs: ledger.legs,
    evidence: {
      credits: { runs_held: '0' },
      checks: [{ name: 'two figures', left: '1', right: '1', holds: true }],
    } as unknown as TenantBook['evidence'],
    events: [],
    runs,
  };
}

function chainOf(): ChainBook {
  const last = { seq: '40', entry_hash: HASH };
  return {
    tenantId: TENANT,
    report: { holds: true, fault: undefined, last, events: 40, withheld: 0, anchoredSeq: '40' },
    headSeq: '40',
  };
}
