import type { TestDatabase } from '../support/database';
import type { Race } from './acts';
import type { Ground, Told } from './arena';

interface Facts {
  readonly gate: { seats: number; version: number; due: number; closed: boolean };
  readonly outcomes: readonly {
    outcome: string;
    decision_id: string | null;
    actor_user_id: string | null;
    at: number;
  }[];
  readonly decisions: readonly {
    id: string;
    intent_id: string;
    verdict: string;
    actor_user_id: string;
    on_behalf_of: string | null;
    gate_version: number;
    at: number;
  }[];
  readonly intents: readonly {
    id: string;
    verdict: string;
    actor_user_id: string;
    stored: number;
    outcomes: readonly { outcome: string; code: string | null; decision_id: string | null }[];
  }[];
  readonly recusals: readonly { user_id: string; at: number }[];
  readonly requesters: readonly string[];
  readonly separation: string;
  readonly records: number;
  readonly events: Readonly<Record<string, number>>;
  readonly worklist: number;
  readonly closed_notices: number;
  readonly run: { state: string; outcome: string; held: boolean; legs: number };
}

/** Everything of one run that the rules are about, in one statement: one moment. Times are microseconds. */
const FACTS = `
  select jsonb_build_object(
    'gate', (select jsonb_build_object('seats', g.seats, 'version', g.version, 'due', micros(g.due_at), 'closed', g.closed_at is not null)
      from core.gates g where g.tenant_id = $3 and g.id = $2),
    'separation', (select separation from core.gates where tenant_id = $3 and id = $2),
    'outcomes', (select coalesce(jsonb_agg(jsonb_build_object('outcome', o.outcome, 'decision_id', o.decision_id,
      'actor_user_id', o.actor_user_id, 'at', micros(o.at))), '[]') from core.gate_outcomes o where o.tenant_id = $3 and o.gate_id = $2),
    'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'intent_id', d.intent_id, 'verdict', d.verdict,
      'actor_user_id', d.actor_user_id, 'on_behalf_of', d.on_behalf_of, 'gate_version', d.gate_version, 'at', micros(d.decided_at)) order by d.decided_at), '[]')
      from core.decisions d where d.tenant_id = $3 and d.gate_id = $2),
    'intents', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'verdict', i.verdict, 'actor_user_id', i.actor_user_id,
      'stored', micros(i.stored_at), 'outcomes', (select coalesce(jsonb_agg(jsonb_build_object('outcome', o.outcome, 'code', o.code,
        'decision_id', o.decision_id)), '[]') from core.intent_outcomes o where o.tenant_id = $3 and o.intent_id = i.id))), '[]')
      from core.intents i where i.tenant_id = $3 and i.gate_id = $2),
    'recusals', (select coalesce(jsonb_agg(jsonb_build_object('user_id', r.user_id, 'at', micros(r.at))), '[]')
      from core.gate_recusals r where r.tenant_id = $3 and r.gate_id = $2),
    'requesters', (select jsonb_agg(requested_by) from core.runs where tenant_id = $3 and id = $1),
    'records', (select count(*) from core.records where tenant_id = $3 and run_id = $1),
    'events', (select coalesce(jsonb_object_agg(type, n), '{}') from (
      select type, count(*) as n from core.audit_log where tenant_id = $3 and run_id = $1 group by type) e),
    'worklist', (select count(*) from core.worklist where tenant_id = $3 and (ref_id = $1 or ref_id in (select id from core.intents where tenant_id = $3 and gate_id = $2))),
    'closed_notices', (select count(*) from core.outbox where tenant_id = $3 and gate_id = $2 and topic = 'gate.closed'),
    'run', (select jsonb_build_object('state', r.state, 'outcome', r.outcome, 'held', r.reserved_credits > 0 and r.settled_at is null,
      'legs', (select count(*) from core.credit_ledger l where l.tenant_id = $3 and l.run_id = r.id)) from core.runs r where r.tenant_id = $3 and r.id = $1)) as facts`
  // Exact where a JSON number of seconds is not.
  .replaceAll(/micros\(([a-z._]+)\)/g, '(extract(epoch from $1) * 1000000)::bigint');

/** What is wrong with a race, in sentences; nothing when one verdict won and everybody was told rightly. */
export async function judgeRace(
  database: TestDatabase,
  race: Race,
  ground: Ground,
  told: readonly Told[],
): Promise<{ outcome: string; wrong: string[] }> {
  const [row] = await database.look<{ facts: Facts }>(FACTS, [ground.runId, ground.gateId, ground.tenantId]);
  if (row === undefined) throw new Error('nothing is known of the race');
  const { facts } = row;
  const wrong = [
    ...judgeOutcome(race, facts),
    ...judgeDecisions(facts),
    ...judgeIntents(facts, told),
    ...told.flatMap((one) => judgeTold(facts, one)),
    ...judgeVersions(facts, told),
    ...judgeClaims(told),
    ...judgeEnd(facts),
  ];
  return { outcome: facts.outcomes[0]?.outcome ?? 'none', wrong };
}

function judgeOutcome(race: Race, { outcomes, decisions, gate, records }: Facts): string[] {
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length > 1) return [`${outcomes.length} terminal outcomes`];
  const wrong: string[] = [];
  const winner = decisions.find(({ id }) => id === outcome.decision_id);
  const finals = decisions.filter(({ gate_version: version }) => version === gate.version);
  const rejections = decisions.filter(({ verdict }) => verdict === 'reject');
  if (outcome.outcome === 'approved') {
    const approvals = finals.filter(({ verdict }) => verdict === 'approve');
    if (approvals.length !== gate.seats) wrong.push(`approved by ${approvals.length} of ${gate.seats} seats`);
    if (winner?.verdict !== 'approve') wrong.push('approved by no approval');
  }
  if (outcome.outcome === 'rejected' && winner?.verdict !== 'reject') wrong.push('rejected by no rejection');
  if (rejections.length !== (outcome.outcome === 'rejected' ? 1 : 0))
    wrong.push(`${rejections.length} rejections of a gate that is ${outcome.outcome}`);
  if (['expired', 'withdrawn'].includes(outcome.outcome) && outcome.decision_id !== null)
    wrong.push(`${outcome.outcome} names a decision`);
  if (outcome.outcome === 'expired' && (!race.expires || outcome.at <= gate.due))
    wrong.push('expired too soon');
  if (records !== (outcome.outcome === 'approved' ? 1 : 0))
    wrong.push(`${records} records of a gate that is ${outcome.outcome}`);
  const late = decisions.filter(({ at }) => at > outcome.at);
  if (late.length > 0) wrong.push(`${late.length} decisions after the outcome`);
  return wrong;
}

function judgeDecisions({ decisions, recusals, requesters, separation, gate }: Facts): string[] {
  const wrong: string[] = [];
  const escalators = new Set<string>();
  let version = 1;
  for (const decision of decisions) {
    const persons = personsOf(decision);
    if (decision.gate_version < version) wrong.push('a decision on an older version came later');
    version = decision.verdict === 'escalate' ? decision.gate_version + 1 : decision.gate_version;
    if (persons.some((person) => escalators.has(person))) wrong.push('who escalated has decided again');
    if (decision.verdict === 'escalate') for (const person of persons) escalators.add(person);
    if (recusals.some(({ user_id, at }) => persons.includes(user_id) && at < decision.at))
      wrong.push('a recused person has decided');
    if (separation !== 'none' && persons.some((person) => requesters.includes(person)))
      wrong.push('who asked has decided');
  }
  if (gate.version < version)
    wrong.push(`the gate is at version ${gate.version}, its decisions at ${version}`);
  // A verdict in somebody's place takes the seat of both.
  const seats = decisions.flatMap((one) => personsOf(one).map((person) => `${one.gate_version} ${person}`));
  if (new Set(seats).size !== seats.length) wrong.push('a person holds two seats of a version');
  return wrong;
}

function personsOf({ actor_user_id: actor, on_behalf_of: other }: Facts['decisions'][number]): string[] {
  return other === null ? [actor] : [actor, other];
}

function judgeIntents({ intents, decisions, gate }: Facts, told: readonly Told[]): string[] {
  const wrong: string[] = [];
  const accepted = new Set(told.flatMap(({ intentId }) => intentId ?? []));
  if (intents.some(({ id }) => !accepted.has(id)) || accepted.size !== intents.length)
    wrong.push(`${intents.length} verdicts stored, ${accepted.size} told as accepted`);
  for (const { id, outcomes, verdict, actor_user_id: person, stored } of intents) {
    const [outcome] = outcomes;
    if (outcome === undefined || outcomes.length > 1) {
      wrong.push(`a verdict with ${outcomes.length} outcomes`);
      continue;
    }
    const decision = decisions.find(({ intent_id: intent }) => intent === id);
    if ((outcome.outcome === 'applied') !== (decision !== undefined))
      wrong.push(`a verdict is ${outcome.outcome} and has ${decision ? 'a' : 'no'} decision`);
    if (decision && (decision.verdict !== verdict || decision.actor_user_id !== person))
      wrong.push('a decision is not what its verdict was');
    if (outcome.outcome === 'late' && stored <= gate.due) wrong.push('a verdict in time is called late');
  }
  const applied = intents.flatMap(({ outcomes }) => (outcomes[0]?.outcome === 'applied' ? [1] : []));
  if (applied.length !== decisions.length)
    wrong.push(`${decisions.length} decisions of ${applied.length} verdicts`);
  return wrong;
}

/** Codes that the stored outcome of an accepted verdict is answered with; a conflict has its own. */
const CODE_OF: Readonly<Record<string, string>> = {
  late: 'gate_late',
  superseded: 'verdict_superseded',
  taken_back: 'verdict_taken_back',
};

function judgeTold({ intents, outcomes }: Facts, one: Told): string[] {
  const wrong: string[] = [];
  const name = `${one.act.kind} by ${one.act.by}`;
  const stored = intents.find(({ id }) => id === one.intentId)?.outcomes[0];
  if (stored !== undefined && one.said === 'applied' && stored.decision_id !== one.decisionId)
    wrong.push(`${name} was told of another decision`);
  if (
    stored !== undefined &&
    one.said !== 'later' &&
    (one.said === 'applied') !== (stored.outcome === 'applied')
  )
    wrong.push(`${name} was told ${one.said} and is ${stored.outcome}`);
  if (stored !== undefined && one.said === 'refused') {
    const code = CODE_OF[stored.outcome] ?? stored.code;
    if (code !== one.code)
      wrong.push(`${name} was told ${one.code ?? 'nothing'} and is ${code ?? 'nothing'}`);
  }
  const { winner } = one;
  if (one.code === 'gate_closed' || winner !== undefined) {
    const [outcome] = outcomes;
    const isRight =
      winner !== undefined &&
      winner.outcome === outcome?.outcome &&
      winner.decisionId === outcome.decision_id &&
      (winner.userId === outcome.actor_user_id || outcome.decision_id === null);
    if (!isRight) wrong.push(`${name} lost and was told that ${JSON.stringify(winner)} won`);
  }
  return wrong;
}

/** Whoever asks after somebody else has been answered is told no earlier version. */
function judgeVersions({ gate }: Facts, told: readonly Told[]): string[] {
  const seen = told.flatMap(({ version, startedAt, endedAt }) =>
    version === undefined ? [] : [{ version, startedAt, endedAt }],
  );
  const fell = seen.some((earlier) =>
    seen.some((later) => earlier.endedAt < later.startedAt && later.version < earlier.version),
  );
  const beyond = seen.filter(({ version }) => version > gate.version);
  return [
    ...(fell ? ['a version fell'] : []),
    ...(beyond.length > 0 ? ['a version was told that the gate never had'] : []),
  ];
}

const SEATS: ReadonlySet<string> = new Set(['approve', 'edit', 'reject', 'deputise']);

/** Where no holder gave the gate back or sat down, and it stayed at its role, one person held it at most. */
function judgeClaims(told: readonly Told[]): string[] {
  const done = (kind: string): readonly Told[] =>
    told.filter(({ act, said }) => act.kind === kind && said === 'done');
  const holders = new Set(done('claim').map(({ userId }) => userId));
  const voided =
    done('release').length +
    done('steal').length +
    done('recuse').length +
    told.filter(
      ({ act, said, userId }) =>
        said !== 'refused' && (act.kind === 'escalate' || (SEATS.has(act.kind) && holders.has(userId))),
    ).length;
  return voided === 0 && holders.size > 1 ? [`${holders.size} people held the gate at once`] : [];
}

function judgeEnd({
  run,
  gate,
  events,
  decisions,
  outcomes,
  worklist,
  closed_notices: notices,
}: Facts): string[] {
  const outcome = outcomes[0]?.outcome ?? 'none';
  const count = (type: string): number => events[type] ?? 0;
  const ends = count('gate.expired') + count('gate.withdrawn');
  return [
    ...(run.state === 'closed' && gate.closed ? [] : [`the run is ${run.state}`]),
    ...(run.outcome === outcome ? [] : [`the run ended ${run.outcome}, its gate ${outcome}`]),
    ...(run.held ? ['a hold is left'] : []),
    ...(run.legs === 2 ? [] : [`${run.legs} legs of the ledger`]),
    ...(worklist === 0 ? [] : [`${worklist} things left to do`]),
    ...(notices === 1 ? [] : [`${notices} notices of a gate that closed once`]),
    ...(count('decision.recorded') === decisions.length ? [] : ['decisions without their events']),
    ...(ends === (['expired', 'withdrawn'].includes(outcome) ? 1 : 0) ? [] : [`${ends} events of its end`]),
    ...(count('run.closed') === 1 ? [] : ['not one closing event']),
  ];
}

/** Accounts that are not their ledgers' sums, or still hold something. */
export async function judgeMoney(database: TestDatabase): Promise<string[]> {
  const rows = await database.look<{ tenant_id: string }>(
    `select a.tenant_id from core.accounts a
     where a.held_nano_usd <> 0 or a.balance_credits <> (
       select coalesce(sum(l.amount_credits), 0) from core.credit_ledger l where l.tenant_id = a.tenant_id)`,
  );
  return rows.map(({ tenant_id: id }) => `the account of ${id} is not its ledger`);
}
