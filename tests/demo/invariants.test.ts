import type { Books, RunBook, TenantBook } from '../../stack/demo/books';
import { createReport, reportLines, type DemoReport, type InvariantName } from '../../stack/demo/report';
import type { RunRole, ToldRun } from '../../stack/demo/stage';
import { rightBooks } from './right-books';

/*
 * A proof that can't fail proves nothing: for each invariant, books in which it is broken.
 */

type Writable<Value> = Value extends object
  ? { -readonly [Key in keyof Value]: Writable<Value[Key]> }
  : Value;

interface Forged {
  readonly books: Writable<Books>;
  readonly told: Writable<ToldRun>[];
  readonly tenant: Writable<TenantBook>;
  /** The run of a role; without one, the run that two people have approved. */
  run(role?: RunRole): Writable<RunBook>;
}

const FORGERIES: Readonly<Record<InvariantName, (forged: Forged) => void>> = {
  balances_are_their_ledgers_sums: ({ tenant }) => {
    tenant.account.balance_credits = '9999';
  },
  one_reservation_and_one_settlement_a_run: ({ run }) => {
    run().legs.pop();
  },
  refused_runs_hold_and_call_nothing: ({ run }) => {
    run('unlisted').legs.push(...run().legs);
  },
  nothing_is_held_or_open: ({ run }) => {
    run().run.state = 'waiting';
  },
  every_call_is_finished_and_counted_once: ({ run }) => {
    run('killed').run.calls = '2';
  },
  every_decision_has_its_event: ({ run }) => {
    const book = run();
    book.events = book.events.filter(({ type }) => type !== 'decision.recorded');
  },
  protected_classes_are_decided_by_people: ({ run }) => {
    decisionOf(run('killed')).actor_kind = 'system';
  },
  every_gate_has_one_earned_outcome: ({ run }) => {
    // The same person twice is one person.
    const [first, second] = run().decisions;
    if (first && second) second.actor_user_id = first.actor_user_id;
  },
  every_effect_has_its_decision: ({ run }) => {
    for (const record of run().records) record.decision_id = 'another';
  },
  every_run_has_its_first_and_last_event: ({ run }) => {
    run().events.pop();
  },
  every_chain_verifies: ({ books }) => {
    // A chain that was cut verifies by itself, but it does not reach its head.
    for (const chain of books.chains) chain.headSeq = '41';
  },
  evidence_agrees: ({ tenant }) => {
    for (const check of tenant.evidence.checks) check.holds = false;
  },
  every_run_ended_as_it_must: ({ told }) => {
    for (const one of told.slice(0, 1)) one.expected = 'rejected';
  },
  routine_is_applied_by_the_system: ({ run }) => {
    decisionOf(run('routine')).authority_policy_version = null;
  },
  advisor_costs_two_more: ({ run }) => {
    run('advised').run.credits.deducted = '1';
  },
  expiry_is_no_decision: ({ run }) => {
    const book = run('expiring');
    book.events = book.events.filter(({ type }) => type !== 'gate.expired');
  },
  same_key_is_one_run: ({ run, told }) => {
    for (const one of told.filter(({ role }) => role === 'routine')) one.role = 'same-key';
    expect(run('same-key')).toBeDefined();
  },
  same_text_is_two_runs_and_one_call: ({ run }) => {
    for (const call of run('same-text').calls) call.id = 'another';
  },
  one_credit_admits_one_run: ({ tenant, told }) => {
    const ids = told.filter(({ role }) => role === 'racing').map(({ runId }) => runId);
    for (const { run } of tenant.runs) if (ids.includes(run.id)) run.code = null;
  },
  unlisted_model_is_refused: ({ run }) => {
    run('unlisted').run.code = 'credits_exhausted';
  },
  unreachable_model_leaves_it_to_a_person: ({ run }) => {
    run('unreachable').run.credits.actual = '1';
  },
  killed_worker_is_charged_once: ({ run }) => {
    for (const call of run('killed').calls) call.attempts = '2';
  },
  terminated_run_is_reconciled: ({ run }) => {
    const book = run('terminated');
    book.events = book.events.filter(({ type }) => type !== 'run.reconciled');
  },
};

function decisionOf(book: Writable<RunBook>): Writable<RunBook['decisions'][number]> {
  const [decision] = book.decisions;
  if (decision === undefined) throw new Error('the run has no decision');
  return decision;
}

function forge(change: (forged: Forged) => void): DemoReport {
  const { books, told } = structuredClone(rightBooks()) as Writable<ReturnType<typeof rightBooks>>;
  const [tenant] = books.tenants;
  if (tenant === undefined) throw new Error('there is no tenant');
  const run = (role?: RunRole): Writable<RunBook> => {
    const id = told.find((one) => one.role === role)?.runId;
    const book = tenant.runs.find((one) => one.run.id === id);
    if (book === undefined) throw new Error(`there is no run of ${role ?? 'two people'}`);
    return book;
  };
  change({ books, told, tenant, run });
  return createReport(books, told, [], 1);
}

it('finds nothing in books that are right', () => {
  const report = forge(() => undefined);
  expect(report.findings).toEqual([]);
  expect(report.holds).toBe(true);
  expect(reportLines(report).at(-1)).toContain(`All ${Object.keys(FORGERIES).length} invariants hold`);
});

it.each(Object.entries(FORGERIES))('notices when %s does not hold', (name, change) => {
  const report = forge(change);
  expect(report.holds).toBe(false);
  expect(report.invariants[name as InvariantName]).toBe(false);
  const { run_id: runId, why } = report.findings.find(({ invariant }) => invariant === name) ?? {};
  const line = reportLines(report).find((one) => one.startsWith(`${name.replaceAll('_', ' ')}: `));
  expect(line).toContain(why);
  if (runId != null) expect(line).toContain(`run ${runId}`);
});

it('misses a run of a scene that was not played', () => {
  const report = forge(({ told }) => {
    for (const one of told.filter(({ role }) => role === 'killed')) one.role = undefined;
  });
  expect(report.invariants.killed_worker_is_charged_once).toBe(false);
});
