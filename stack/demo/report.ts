import type { Books, RunBook } from './books';
import { INVARIANTS_OF_ALL, runsOf, type Check, type Finding } from './invariants';
import { INVARIANTS_OF_SCENES } from './scene-invariants';
import type { PlayedScene, ToldRun } from './stage';

const CHECKS = { ...INVARIANTS_OF_ALL, ...INVARIANTS_OF_SCENES };
export type InvariantName = keyof typeof CHECKS;

/** What the demo proves, without any content of the runs. */
export interface DemoReport {
  readonly holds: boolean;
  readonly seconds: number;
  readonly scenes: readonly PlayedScene[];
  readonly runs: readonly ReportedRun[];
  readonly chains: readonly ReportedChain[];
  readonly invariants: Readonly<Record<InvariantName, boolean>>;
  readonly findings: readonly ReportedFinding[];
}

type ReportedRun = ReturnType<typeof reportedRun>;

interface ReportedChain {
  readonly tenant_id: string;
  readonly events: number;
  readonly head: string;
  readonly holds: boolean;
}

interface ReportedFinding {
  readonly invariant: InvariantName;
  readonly run_id: string | null;
  readonly why: string;
}

/** Checks the books, and tells of every run what came of it. */
export function createReport(
  books: Books,
  told: readonly ToldRun[],
  scenes: readonly PlayedScene[],
  seconds: number,
): DemoReport {
  const findings = (Object.entries(CHECKS) as [InvariantName, Check][]).flatMap(([invariant, check]) =>
    check(books, told).map(({ runId, why }: Finding) => ({ invariant, run_id: runId ?? null, why })),
  );
  const names = Object.keys(CHECKS) as InvariantName[];
  return {
    holds: findings.length === 0,
    seconds,
    scenes,
    runs: runsOf(books.tenants).map((book) => reportedRun(book, told)),
    chains: books.chains.map(({ tenantId, report }) => ({
      tenant_id: tenantId,
      events: report.events,
      head: report.last.entry_hash,
      holds: report.holds,
    })),
    invariants: Object.fromEntries(
      names.map((name) => [name, !findings.some(({ invariant }) => invariant === name)]),
    ) as Record<InvariantName, boolean>,
    findings,
  };
}

function reportedRun({ tenantId, run, calls, legs, decisions, events }: RunBook, told: readonly ToldRun[]) {
  return {
    id: run.id,
    tenant_id: tenantId,
    what: told.find(({ runId }) => runId === run.id)?.what ?? '',
    purpose: run.purpose,
    state: run.state,
    outcome: run.outcome,
    code: run.code,
    proposals: run.proposals.map(({ record_type, class: record_class, state, outcome }) => ({
      record_type,
      class: record_class,
      state,
      outcome,
    })),
    calls: calls.map(({ id, kind, model, status, billed }) => ({ id, kind, model, status, billed })),
    legs: legs.map(({ kind, amount_credits, balance_after }) => ({ kind, amount_credits, balance_after })),
    decisions: decisions.map(({ id, class: record_class, verdict, actor_kind, manual }) => ({
      id,
      class: record_class,
      verdict,
      actor_kind,
      manual,
    })),
    events: events.map(({ type }) => type),
  };
}

const COLUMNS = ['tenant', 'run', 'outcome', 'proposals', 'calls', 'legs', 'decisions', 'events'] as const;

/** The report for people: a row for each run, the chains, and what holds. */
export function reportLines({ runs, chains, invariants, findings, holds, seconds }: DemoReport): string[] {
  const rows = runs.map(({ tenant_id, what, outcome, code, proposals, calls, legs, decisions, events }) => [
    tenant_id,
    what,
    code === null ? (outcome ?? '-') : `${outcome ?? '-'} (${code})`,
    String(proposals.length),
    `${calls.filter(({ billed }) => billed).length}${calls.some(({ billed }) => !billed) ? ' +1 shared' : ''}`,
    legs.map(({ amount_credits: amount }) => signed(amount)).join(' ') || 'none',
    decisions.map(({ verdict, actor_kind }) => mark(verdict, actor_kind)).join(' ') || 'none',
    String(events.length),
  ]);
  return [
    '',
    ...table([[...COLUMNS], ...rows]),
    'decisions: + approved, - rejected, ^ escalated; (s) by the system under the policy of a person',
    '',
    ...chains.map(
      ({ tenant_id, events, head, holds: verifies }) =>
        `${verifies ? 'verifies' : 'BREAKS'}  chain of ${tenant_id}: ${events} events, head ${head.slice(0, 16)}…`,
    ),
    '',
    ...Object.entries(invariants).map(([name, isHeld]) => `${isHeld ? 'holds' : 'FAILS'}  ${words(name)}`),
    ...findings.map(
      ({ invariant, run_id: runId, why }) =>
        `${words(invariant)}: ${runId === null ? '' : `run ${runId} `}${why}`,
    ),
    '',
    holds
      ? `All ${Object.keys(invariants).length} invariants hold over ${runs.length} runs (${seconds.toFixed(0)} s).`
      : `${findings.length} findings: see above.`,
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_name, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function signed(amount: string): string {
  return amount.startsWith('-') || amount === '0' ? amount : `+${amount}`;
}

function mark(verdict: string, actor: string): string {
  const sign = verdict === 'approve' ? '+' : verdict === 'reject' ? '-' : '^';
  return actor === 'system' ? `${sign}(s)` : sign;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
