import { DatabaseError } from 'pg';
import { SQLSTATES } from '../../contract/errors';
import type { Transaction } from '../../db/transaction';
import { item, type Answer, type Farm, type GateRow, type Runs } from '../sql/support/runs';
import type { TestDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { CAST, DELEGATIONS, delegatorOf, seatRules, type ActKind, type Race, type RaceAct } from './acts';
import type { Arena, Ground, Told, ToldWinner } from './arena';

type Said = Omit<Told, 'act' | 'userId' | 'startedAt' | 'endedAt'>;
type Act = (ground: DatabaseGround, by: Person, act: RaceAct) => Promise<Said>;

interface View {
  readonly version: number;
  readonly proposal_hash: string;
  readonly shown_hash: string;
}

interface DatabaseGround extends Ground {
  readonly views: ReadonlyMap<string, View>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Verdicts that are delivered after everything else. */
  readonly undelivered: string[];
}

/** How far off the deadline of a gate is that expires meanwhile: within the race. */
const DUE_MS = 200;
const EXPIRING_MS = 400;
const LENGTH_MS = 120;
const FARMS = 3;

/** Races against the database alone: its functions in the roles that call them, in place of API, Temporal and worker. */
export function databaseArena(database: TestDatabase, runs: Runs): Arena {
  const grounds = new WeakMap<Ground, DatabaseGround>();
  const acts = actsOver(database, runs);
  let farms: Promise<readonly (Farm & { cast: readonly Person[] })[]> | undefined;
  let opened = 0;

  async function prepare(): Promise<readonly (Farm & { cast: readonly Person[] })[]> {
    const made = [];
    for (let place = 0; place < FARMS; place += 1) {
      const farm = await runs.farm();
      const cast = [];
      for (const roles of CAST) cast.push(await addMember(database, farm.id, roles));
      for (const { delegator, delegate } of DELEGATIONS)
        await delegated(runs, cast[delegator] as Person, cast[delegate] as Person);
      made.push({ ...farm, cast });
    }
    return made;
  }

  return {
    get atOnce() {
      return database.isNative ? 12 : 1;
    },
    get crowds() {
      return database.isNative;
    },
    lengthMs: ({ expires }) => (expires ? EXPIRING_MS : LENGTH_MS),
    async open(race) {
      farms ??= prepare();
      const farm = (await farms)[opened % FARMS] as Farm & { cast: readonly Person[] };
      opened += 1;
      const asker = farm.cast[race.asker] as Person;
      const payload = payloadOf(race, opened);
      const gate = await draft(database, runs, asker, race, payload);
      const openedAt = performance.now();
      const views = await viewsOf(database, farm.cast, gate.id);
      const ground = {
        tenantId: farm.id,
        runId: gate.run_id,
        gateId: gate.id,
        cast: farm.cast,
        asker,
        openedAt,
        views,
        payload,
        undelivered: [],
      };
      grounds.set(ground, ground);
      return ground;
    },
    async perform(ground, act) {
      const by = ground.cast[act.by] as Person;
      const here = grounds.get(ground) as DatabaseGround;
      try {
        return await acts[act.kind](here, by, act);
      } catch (error) {
        // Whoever may not act at all is told by an error of ours.
        const code = error instanceof DatabaseError ? SQLSTATES[error.code ?? ''] : undefined;
        if (code !== 'not_allowed') throw error;
        return { said: 'refused', code };
      }
    },
    async end(ground) {
      const { undelivered } = grounds.get(ground) as DatabaseGround;
      for (const intentId of undelivered) await runs.apply(ground.tenantId, intentId);
      await closeGate(runs, ground);
      await runs.call('worker', ground.tenantId, 'settle_run', ground.runId);
      await runs.call('worker', ground.tenantId, 'close_run', ground.runId);
    },
  };
}

/** Lets one decide in the other's place for as long as the races may last. */
async function delegated(runs: Runs, delegator: Person, delegate: Person): Promise<void> {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const period = [null, null, until];
  const people = [delegator.userId, delegate.userId];
  const answer = await runs.call(
    'api',
    delegator.tenantId,
    'create_delegation',
    ...people,
    ...period,
    'Away.',
    delegator.userId,
  );
  if (answer.outcome !== 'created') throw new Error(`not delegated: ${JSON.stringify(answer)}`);
}

function payloadOf({ seats }: Race, count: number): Record<string, unknown> {
  const occurred = { occurred_on: '2026-11-10' };
  if (seats === 2) return { count, species: 'broilers', ...occurred };
  return {
    item: 'eggs',
    quantity: String(count),
    unit: 'crate',
    total_minor: '4500000',
    currency: 'NGN',
    ...occurred,
  };
}

/** A run with one open gate. Its deadline is written by the database's own clock, at the moment of opening. */
async function draft(
  database: TestDatabase,
  runs: Runs,
  asker: Person,
  race: Race,
  payload: object,
): Promise<GateRow> {
  const { runId, aiRunId } = await runs.answered(asker);
  const instants = [
    { kind: 'reminder', at: '@40', role: null },
    { kind: 'escalation', at: '@90', role: 'senior' },
    { kind: 'escalation', at: '@150', role: 'admin' },
  ] as const;
  const proposed = item('draft', race.seats === 2 ? 'mortality' : 'sale', payload, {
    due_at: race.expires ? `@${DUE_MS}` : '@90000000',
    instants: race.expires ? instants : instants.map((one) => ({ ...one, at: `${one.at}000000` })),
  });
  const given = JSON.stringify({
    advisory: 'available',
    ai_run_id: aiRunId,
    senior: false,
    items: [proposed],
  });
  const record = (): Promise<void> =>
    database.as('worker', asker.tenantId, async (transaction) => {
      const now = await transaction.value<string>('select app.utc(app.now())');
      const at = (_all: string, ms: string): string => new Date(Date.parse(now) + Number(ms)).toISOString();
      await transaction.value('select app.record_draft($1, $2)', [runId, given.replaceAll(/@(\d+)/g, at)]);
    });
  // On a new connection the first call may take longer than the gate is open, which the database refuses.
  await record().catch(async (error: unknown) => {
    if (!(error instanceof DatabaseError) || error.code !== '23514') throw error;
    await record();
  });
  const [gate] = await runs.gates(asker.tenantId, runId);
  if (gate === undefined) throw new Error('the draft opened no gate');
  return gate;
}

const VIEW = `select version, proposal_hash, encode(app.shown_hash(id, $2), 'hex') as shown_hash from app.gates where id = $1`;

async function viewOf(transaction: Transaction, gateId: string, userId: string): Promise<View> {
  const [view] = await transaction.rows<View>(VIEW, [gateId, userId]);
  if (view === undefined) throw new Error('no such gate');
  return view;
}

async function viewsOf(
  database: TestDatabase,
  cast: readonly Person[],
  gateId: string,
): Promise<Map<string, View>> {
  return await database.as('api', cast[0]?.tenantId ?? null, async (transaction) => {
    const views = new Map<string, View>();
    for (const { userId } of cast) views.set(userId, await viewOf(transaction, gateId, userId));
    return views;
  });
}

function actsOver(database: TestDatabase, runs: Runs): Readonly<Record<ActKind, Act>> {
  const simple =
    (name: string, ...more: readonly unknown[]): Act =>
    async ({ tenantId, gateId }, by) =>
      told(
        await runs.call(
          'api',
          tenantId,
          name,
          gateId,
          ...more.map((one) => (one === 'by' ? by.userId : one)),
        ),
      );

  const verdict =
    (verdictName: 'approve' | 'reject' | 'escalate', how: { edits?: true; inPlace?: true } = {}): Act =>
    async (ground, by, act) => {
      const { tenantId, gateId } = ground;
      const view = act.fresh
        ? await database.as('api', tenantId, (transaction) => viewOf(transaction, gateId, by.userId))
        : (ground.views.get(by.userId) as View);
      const gate = { id: gateId, version: view.version, proposal_hash: view.proposal_hash } as GateRow;
      const stored = await runs.store(by, gate, verdictName, {
        shown: Buffer.from(view.shown_hash, 'hex'),
        ...(how.inPlace ? { onBehalfOf: ground.cast[delegatorOf(act.by)]?.userId ?? '' } : {}),
        ...(how.edits ? { edits: { ...ground.payload, occurred_on: '2026-11-11' } } : {}),
      });
      if (stored.outcome !== 'stored') return told(stored);
      const intentId = String(stored.intent_id);
      if (act.delivered === 'last') {
        ground.undelivered.push(intentId);
        return { said: 'later', intentId };
      }
      const answers = await Promise.all(
        Array.from({ length: act.delivered === 'twice' ? 2 : 1 }, () => runs.apply(tenantId, intentId)),
      );
      const [answer, again] = answers as [Answer, Answer?];
      if (
        again !== undefined &&
        (again.outcome !== answer.outcome || again.decision_id !== answer.decision_id)
      )
        throw new Error(`delivered twice: ${JSON.stringify(answers)}`);
      return applied(intentId, answer);
    };

  return {
    approve: verdict('approve'),
    edit: verdict('approve', { edits: true }),
    deputise: verdict('approve', { inPlace: true }),
    reject: verdict('reject'),
    escalate: verdict('escalate'),
    claim: simple('claim_gate', 'by', '1 hour'),
    steal: async ({ tenantId, gateId }, by) => {
      const holder = await database.as('api', tenantId, (transaction) =>
        transaction.value<string | null>('select claimed_by from app.gates where id = $1', [gateId]),
      );
      const parameters = [gateId, holder, 'At lunch.', '1 hour', by.userId];
      return told(await runs.call('api', tenantId, 'steal_claim', ...parameters));
    },
    release: simple('release_gate', 'by'),
    recuse: simple('recuse', 'by'),
    comment: simple('comment_on_gate', 'As I saw it.', 'by'),
    ask: simple('ask_requester', 'Which buyer?', 'by'),
    withdraw: async ({ tenantId, runId }, by) =>
      told(await runs.call('api', tenantId, 'withdraw_run', runId, by.userId)),
    policy: async (_ground, by, { atPermille }) =>
      await saved(changePolicy(database, by, { confidence_threshold_permille: atPermille })),
    rules: async ({ tenantId, runId }, by, act) => {
      const said = await saved(changePolicy(database, by, { seat_rules: seatRules(act) }));
      // As the sweep does it for each run.
      await runs.call('worker', tenantId, 'reterm_run', runId);
      return said;
    },
    tick: async ({ tenantId, gateId }) => {
      const gate = await runs.call<Record<string, unknown>>('worker', tenantId, 'tick_gate', gateId);
      return { said: 'done', version: Number(gate.version), winner: winnerOf(gate) };
    },
  };
}

/** A policy that somebody else has saved meanwhile is refused. */
async function saved(saving: Promise<void>): Promise<Said> {
  try {
    await saving;
    return { said: 'done' };
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    return { said: 'refused' };
  }
}

/** What an act was told that the database answers in the same way: done, or refused with who won. */
function told({ outcome, code, now }: Answer): Said {
  if (outcome !== 'refused') return { said: 'done' };
  const present = now as Readonly<Record<string, unknown>> | undefined;
  return {
    said: 'refused',
    code: code ?? undefined,
    version: present === undefined ? undefined : Number(present.gate_version),
    winner: present === undefined ? undefined : winnerOf(present),
  };
}

const CODES: Readonly<Record<string, string>> = {
  late: 'gate_late',
  superseded: 'verdict_superseded',
  taken_back: 'verdict_taken_back',
};

function applied(intentId: string, { outcome, code, decision_id: decisionId, gate }: Answer): Said {
  const present = gate as Readonly<Record<string, unknown>>;
  const seen = { intentId, version: Number(present.version) };
  if (outcome === 'applied') return { ...seen, said: 'applied', decisionId: String(decisionId) };
  return { ...seen, said: 'refused', code: CODES[outcome] ?? code ?? undefined, winner: winnerOf(present) };
}

function winnerOf(gate: Readonly<Record<string, unknown>>): ToldWinner | undefined {
  if (typeof gate.gate_outcome !== 'string') return undefined;
  return {
    outcome: gate.gate_outcome,
    decisionId: (gate.winner_decision_id ?? gate.decision_id ?? null) as string | null,
    userId: (gate.winner_user_id ?? gate.actor_user_id ?? null) as string | null,
  };
}

/** Whatever is still open is taken back by who asked, or closed by the clock. */
async function closeGate(runs: Runs, { tenantId, runId, gateId, asker }: Ground): Promise<void> {
  const ticked = await runs.call<Record<string, unknown>>('worker', tenantId, 'tick_gate', gateId);
  if (ticked.gate_outcome !== null) return;
  await runs.call('api', tenantId, 'withdraw_run', runId, asker.userId);
}
