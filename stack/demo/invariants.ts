import { z } from 'zod';
import type { Books, RunBook, TenantBook } from './books';
import type { ToldRun } from './stage';

/** Why an invariant does not hold: of which run, if it is about one. */
export interface Finding {
  readonly runId: string | undefined;
  readonly why: string;
}

/** What the books must fulfil. Each answers with what is wrong; nothing when all is right. */
export type Check = (books: Books, told: readonly ToldRun[]) => Finding[];

const bodySchema = z.object({ body: z.object({ decision_id: z.string() }) });

/** What holds of every run and every tenant, whatever the scenes were. */
export const INVARIANTS_OF_ALL = {
  balances_are_their_ledgers_sums: ({ tenants }) => tenants.flatMap(balanceFindings),

  one_reservation_and_one_settlement_a_run: ofRuns(({ run, legs }) => {
    const kinds = legs.map(({ kind }) => kind).join(', ');
    return run.outcome === 'refused' || kinds === 'reserve, settle' ? undefined : `its legs are: ${kinds}`;
  }),

  refused_runs_hold_and_call_nothing: ofRuns(({ run, legs, calls }) =>
    run.outcome === 'refused' && legs.length + calls.length > 0
      ? `refused, with ${legs.length} legs and ${calls.length} calls`
      : undefined,
  ),

  nothing_is_held_or_open: ({ tenants }) => [
    ...tenants
      .filter(({ account, evidence }) => account.held_nano_usd !== '0' || evidence.credits.runs_held !== '0')
      .map(({ tenantId }) => finding(undefined, `${tenantId} still holds credits or cost`)),
    ...runsOf(tenants)
      .filter(({ run, gates }) => run.state !== 'closed' || gates.some(({ state }) => state === 'open'))
      .map(({ run }) => finding(run.id, `is ${run.state} at ${run.step}, or has an open gate`)),
  ],

  every_call_is_finished_and_counted_once: ({ tenants }) => tenants.flatMap(callFindings),

  every_decision_has_its_event: ofRuns(({ decisions, events }) => {
    const sealed = events
      .filter(({ type }) => type === 'decision.recorded')
      .map(({ payload }) => bodySchema.parse(JSON.parse(payload ?? '{}')).body.decision_id);
    const missing = decisions.filter(({ id }) => sealed.filter((one) => one === id).length !== 1);
    return missing.length > 0 || sealed.length !== decisions.length
      ? `${decisions.length} decisions, ${sealed.length} events of decisions`
      : undefined;
  }),

  protected_classes_are_decided_by_people: ofRuns(({ decisions }) => {
    const wrong = decisions.find(
      ({ class: recordClass, actor_kind: actor }) => recordClass !== 'routine' && actor !== 'human',
    );
    return wrong === undefined ? undefined : `${wrong.actor_kind} decided about ${wrong.class}`;
  }),

  every_gate_has_one_earned_outcome: ofRuns(gateFinding),

  every_effect_has_its_decision: ofRuns(({ records, decisions }) => {
    const approvals = new Set(
      decisions.flatMap(({ id, verdict, record_ids: ids }) =>
        verdict === 'approve' ? ids.map((record) => `${id} ${record}`) : [],
      ),
    );
    const stray = records.find(({ id, decision_id: decision }) => !approvals.has(`${decision} ${id}`));
    return stray === undefined ? undefined : `record ${stray.id} has no decision that names it`;
  }),

  every_run_has_its_first_and_last_event: ofRuns(({ run, events }) => {
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    const [accepted, refused, closed] = [count('run.accepted'), count('run.refused'), count('run.closed')];
    const isRight =
      accepted === 1 && refused + closed === 1 && (run.outcome === 'refused') === (refused === 1);
    return isRight ? undefined : `${accepted} accepted, ${refused} refused, ${closed} closed`;
  }),

  every_chain_verifies: ({ chains }) =>
    chains
      .filter(({ report, headSeq }) => !report.holds || BigInt(report.last.seq) < BigInt(headSeq))
      .map(({ tenantId, report }) =>
        finding(
          undefined,
          `the chain of ${tenantId} breaks at ${report.fault?.seq ?? report.last.seq}: ${report.fault?.code ?? 'it ends early'}`,
        ),
      ),

  evidence_agrees: ({ tenants }) =>
    tenants.flatMap(({ tenantId, evidence }) =>
      evidence.checks
        .filter(({ holds }) => !holds)
        .map(({ name, left, right }) => finding(undefined, `${tenantId}: ${name}: ${left} and ${right}`)),
    ),

  every_run_ended_as_it_must: ({ tenants }, told) => {
    const known = new Map(runsOf(tenants).map(({ run }) => [run.id, run.outcome]));
    const stray = [...known.keys()].filter((id) => !told.some(({ runId }) => runId === id));
    return [
      ...told
        .filter(({ runId, expected }) => known.get(runId) !== expected)
        .map(({ runId, what, expected }) =>
          finding(runId, `(${what}) ended ${known.get(runId) ?? 'nowhere'} in place of ${expected}`),
        ),
      ...stray.map((id) => finding(id, 'was started by nobody')),
    ];
  },
} as const satisfies Readonly<Record<string, Check>>;

export function finding(runId: string | undefined, why: string): Finding {
  return { runId, why };
}

export function runsOf(tenants: readonly TenantBook[]): RunBook[] {
  return tenants.flatMap(({ runs }) => runs);
}

/** A check that looks at one run after the other, and says what is wrong with it. */
function ofRuns(look: (book: RunBook) => string | undefined): Check {
  return ({ tenants }) =>
    runsOf(tenants).flatMap((book) => {
      const why = look(book);
      return why === undefined ? [] : [finding(book.run.id, why)];
    });
}

function balanceFindings({ tenantId, account, legs }: TenantBook): Finding[] {
  let balance = 0n;
  const findings: Finding[] = [];
  for (const leg of legs) {
    balance += BigInt(leg.amount_credits);
    if (balance < 0n || balance !== BigInt(leg.balance_after))
      findings.push(
        finding(leg.run_id ?? undefined, `leg ${leg.seq} says ${leg.balance_after}, not ${balance}`),
      );
  }
  if (balance !== BigInt(account.balance_credits))
    findings.push(
      finding(
        undefined,
        `${tenantId} has ${account.balance_credits} credits, and its ledger sums up to ${balance}`,
      ),
    );
  return findings;
}

/** Each call was made by one run, which counts it; whoever rests on the same answer later is not billed. */
function callFindings({ runs }: TenantBook): Finding[] {
  const billedBy = new Map<string, number>();
  const findings: Finding[] = [];
  for (const { run, calls } of runs) {
    const billed = calls.filter((call) => call.billed);
    for (const { id } of billed) billedBy.set(id, (billedBy.get(id) ?? 0) + 1);
    if (String(billed.length) !== run.calls)
      findings.push(finding(run.id, `counts ${run.calls} calls and is billed ${billed.length}`));
    if (calls.some(({ status }) => status === 'claimed'))
      findings.push(finding(run.id, 'has a call that was never finished'));
  }
  for (const { run, calls } of runs) {
    const odd = calls.find(({ id }) => billedBy.get(id) !== 1);
    if (odd !== undefined)
      findings.push(finding(run.id, `call ${odd.id} is billed ${billedBy.get(odd.id) ?? 0} times`));
  }
  return findings;
}

/** Approved takes as many people as there are seats, of the gate's last version; applied is the system's alone. */
function gateFinding({ gates, decisions }: RunBook): string | undefined {
  for (const gate of gates) {
    const own = decisions.filter(({ gate_id: gateId }) => gateId === gate.id);
    const approvers = new Set(
      own
        .filter(
          ({ verdict, gate_version: version, actor_kind: actor }) =>
            verdict === 'approve' && version === gate.version && actor === 'human',
        )
        .map(({ actor_user_id: person }) => person),
    );
    const isEarned =
      gate.outcome === 'approved'
        ? approvers.size >= gate.seats
        : gate.outcome === 'rejected'
          ? own.some(({ verdict }) => verdict === 'reject')
          : gate.outcome === 'applied'
            ? own.length === 1 && own[0]?.actor_kind === 'system'
            : gate.outcome !== null && gate.decision_id === null;
    if (!isEarned) return `its gate ended ${gate.outcome ?? 'nowhere'} with ${own.length} decisions`;
  }
  return undefined;
}
