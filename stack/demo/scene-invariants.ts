import type { Books, RunBook } from './books';
import { finding, runsOf, type Check, type Finding } from './invariants';
import type { RunRole, ToldRun } from './stage';

/** What a run of a scene must be like; undefined when it is. */
type Look = (book: RunBook) => string | undefined;

/** What each scene was played for. */
export const INVARIANTS_OF_SCENES = {
  routine_is_applied_by_the_system: ofRole('routine', ({ run, decisions }) => {
    const isRight =
      run.outcome === 'applied' &&
      run.proposals.every((proposal) => proposal.class === 'routine') &&
      decisions.length > 0 &&
      decisions.every(({ actor_kind: actor, authority_policy_version: policy }) => {
        return actor === 'system' && policy !== null;
      });
    return isRight ? undefined : 'was not applied by the system under a policy';
  }),

  advisor_costs_two_more: ofRole('advised', ({ run, calls }) => {
    const { reserved, actual, deducted } = run.credits;
    const kinds = calls.map(({ kind }) => kind).sort();
    return kinds.join(' ') === 'advisor primary' && `${reserved} ${actual} ${deducted}` === '1 3 2'
      ? undefined
      : `${kinds.join(', ')}: ${reserved} reserved, ${actual} actual, ${deducted} deducted`;
  }),

  expiry_is_no_decision: ofRole('expiring', ({ run, decisions, events }) => {
    const isRight =
      run.outcome === 'expired' &&
      decisions.length === 0 &&
      events.filter(({ type, actor_kind: actor }) => type === 'gate.expired' && actor === 'system').length ===
        1;
    return isRight ? undefined : `ended ${run.outcome} with ${decisions.length} decisions`;
  }),

  same_key_is_one_run: ({ tenants }, told) => {
    const ids = new Set(idsOf(told, 'same-key'));
    const found = runsOf(tenants).filter(({ run }) => ids.has(run.id));
    return ids.size === 1 && found.length === 1
      ? []
      : [finding([...ids][1], `one key started ${ids.size} runs`)];
  },

  same_text_is_two_runs_and_one_call: (books, told) => {
    const [first] = idsOf(told, 'same-key');
    const [second] = idsOf(told, 'same-text');
    const calls = [first, second].map((id) => bookOf(books, id)?.calls ?? []);
    const ids = new Set(calls.flat().map(({ id }) => id));
    const billed = calls.flat().filter((call) => call.billed).length;
    return first !== second && calls.every(({ length }) => length === 1) && ids.size === 1 && billed === 1
      ? []
      : [finding(second, `the same text made ${ids.size} calls in ${new Set([first, second]).size} runs`)];
  },

  one_credit_admits_one_run: (books, told) => {
    const all = idsOf(told, 'racing').flatMap((id) => bookOf(books, id) ?? []);
    const refused = all.filter(({ run }) => run.outcome === 'refused' && run.code === 'credits_exhausted');
    return all.length > 1 && refused.length === all.length - 1
      ? []
      : [finding(undefined, `of ${all.length} runs on one credit ${refused.length} were refused`)];
  },

  unlisted_model_is_refused: ofRole('unlisted', ({ run, events }) =>
    run.code === 'model_not_listed' && events.some(({ type }) => type === 'policy_violation')
      ? undefined
      : `ended ${run.outcome} with ${run.code ?? 'no code'}`,
  ),

  unreachable_model_leaves_it_to_a_person: ofRole('unreachable', ({ run, calls, decisions, gates }) => {
    const isRight =
      run.advisory === 'unavailable' &&
      run.credits.actual === '0' &&
      gates.length === 1 &&
      gates.every(({ manual }) => manual) &&
      decisions.every(({ manual, actor_kind: actor }) => manual && actor === 'human') &&
      calls.every(({ kind, status }) => kind !== 'primary' || status === 'failed');
    return isRight ? undefined : `advisory ${run.advisory}, ${run.credits.actual} credits taken`;
  }),

  killed_worker_is_charged_once: ofRole('killed', ({ run, calls }) =>
    calls.length === 1 && calls[0]?.attempts === '1' && run.credits.actual === '1'
      ? undefined
      : `${calls.length} calls, ${run.credits.actual} credits`,
  ),

  terminated_run_is_reconciled: ofRole('terminated', ({ run, events }) =>
    events.filter(({ type }) => type === 'run.reconciled').length === 1 && run.state === 'closed'
      ? undefined
      : `is ${run.state}, and no reconciler's event is there`,
  ),
} as const satisfies Readonly<Record<string, Check>>;

/** A check of the runs of one role, of which there must be some. */
function ofRole(role: RunRole, look: Look): Check {
  return (books, told) => {
    const ids = idsOf(told, role);
    if (ids.length === 0) return [finding(undefined, `no run was started for ${role}`)];
    return ids.flatMap((id): Finding[] => {
      const book = bookOf(books, id);
      const why = book === undefined ? 'is in no books' : look(book);
      return why === undefined ? [] : [finding(id, why)];
    });
  };
}

function idsOf(told: readonly ToldRun[], role: RunRole): string[] {
  return told.filter((run) => run.role === role).map(({ runId }) => runId);
}

function bookOf({ tenants }: Books, runId: string | undefined): RunBook | undefined {
  return runsOf(tenants).find(({ run }) => run.id === runId);
}
