import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from '../../client/index';
import { CountersignError } from '../../client/error';
import { isApplied, type Decided, type Words } from '../../client/types';
import type { Policy } from '../../contract/wire/policy';
import type { Gate } from '../../contract/wire/gate';
import type { TestApi } from '../api/support/server';
import { addMember, addTenant, type Person } from '../support/world';
import type { Governed } from '../support/governed';
import { CAST, DELEGATIONS, delegatorOf, seatRules, type ActKind, type Race, type RaceAct } from './acts';
import type { Arena, Ground, Told } from './arena';

type Said = Omit<Told, 'act' | 'userId' | 'startedAt' | 'endedAt'>;

interface LiveGround extends Ground {
  readonly clients: readonly Client[];
  /** The gate as each of the cast got it when the race began; nothing for those who may not see it. */
  readonly views: readonly (Gate | undefined)[];
}

const LENGTH_MS = 500;
/** Longer than a gate of these packs is open that expires: its deadline passes in the middle. */
const EXPIRING_MS = 3_600;
const FARMS = 3;
const CREDITS = 1_000_000n;

/** Races over HTTP, with the product's own API, worker and client, and a real Temporal server. */
export function liveArena(governed: Governed, api: TestApi): Arena {
  const grounds = new WeakMap<Ground, LiveGround>();
  let farms:
    Promise<readonly { tenantId: string; cast: readonly Person[]; clients: readonly Client[] }[]> | undefined;
  let opened = 0;

  async function prepare() {
    const facts = { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] };
    const made = [];
    for (let place = 0; place < FARMS; place += 1) {
      const { database, world } = governed;
      const tenantId = await addTenant(database, world.platformAdmin, 'farm', facts, CREDITS);
      const cast = [];
      for (const roles of CAST) cast.push(await addMember(database, tenantId, roles));
      const clients = cast.map(({ token }) => createClient({ baseUrl: api.url, key: token }));
      const until = new Date(Date.now() + 86_400_000).toISOString();
      for (const { delegator, delegate } of DELEGATIONS)
        await clients[delegator]?.delegations.create({
          delegate_user_id: cast[delegate]?.userId ?? '',
          until,
          reason: 'Away.',
        });
      made.push({ tenantId, cast, clients });
    }
    return made;
  }

  return {
    atOnce: 40,
    crowds: true,
    lengthMs: ({ expires }) => (expires ? EXPIRING_MS : LENGTH_MS),
    async open(race) {
      farms ??= prepare();
      const farm = (await farms)[opened % FARMS];
      opened += 1;
      if (farm === undefined) throw new Error('no farm');
      const { tenantId, cast, clients } = farm;
      const asker = clients[race.asker] as Client;
      const run = await asker.runs.create(
        {
          purpose: 'farm.record',
          input: { note: noteOf(race, opened), occurred_at: '2026-11-24T08:00:00Z' },
        },
        { waitSeconds: 30 },
      );
      const [gate] = await governed.gates(tenantId, run.id);
      if (gate === undefined) throw new Error(`run ${run.id} is ${run.state} and opened no gate`);
      const views = await Promise.all(
        clients.map(async (one) => await one.gates.get(gate.id).catch(() => undefined)),
      );
      const people = { cast, asker: cast[race.asker] as Person };
      const ground = { tenantId, runId: run.id, gateId: gate.id, ...people, openedAt: performance.now() };
      grounds.set(ground, { ...ground, clients, views });
      return ground;
    },
    async perform(ground, act) {
      const here = grounds.get(ground) as LiveGround;
      try {
        return await ACTS[act.kind](here, here.clients[act.by] as Client, act);
      } catch (error) {
        // No answer, or one that tells of a fault, is no way to be told.
        if (!(error instanceof CountersignError) || error.status >= 500 || error.status === 0) throw error;
        return refused(error);
      }
    },
    async end(ground) {
      const { tenantId, runId, gateId, cast, asker } = ground;
      const { clients } = grounds.get(ground) as LiveGround;
      const [gate] = await governed.gates(tenantId, runId);
      if (gate === undefined) throw new Error(`gate ${gateId} is gone`);
      const leftMs = Date.parse(gate.due_at) - Date.now();
      if (leftMs > 0 && leftMs < EXPIRING_MS) await sleep(leftMs);
      else if (gate.closed_at === null) await takeBack(clients[cast.indexOf(asker)] as Client, runId);
      await governed.settled(tenantId, runId, ['closed']);
    },
  };
}

/** A note in which the model finds exactly one record, of the type that takes so many seats and so much time. */
function noteOf({ seats, expires }: Race, count: number): string {
  if (seats === 1)
    return expires ? `Bought ${count} bags of feed for ₦45,000` : `Sold ${count} crates of eggs for ₦45,000`;
  return expires ? `${count} broilers are coughing` : `${count} broilers died`;
}

/** The last word of who asked, unless somebody else had it meanwhile. */
async function takeBack(asker: Client, runId: string): Promise<void> {
  try {
    await asker.runs.withdraw(runId);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.status !== 409) throw error;
  }
}

type Act = (ground: LiveGround, by: Client, act: RaceAct) => Promise<Said>;

const DONE: Said = { said: 'done' };

const verdict =
  (name: 'approve' | 'reject' | 'escalate', how: { edits?: true; inPlace?: true } = {}): Act =>
  async ({ gateId, views, cast }, by, { fresh, by: place }) => {
    const gate = (fresh ? undefined : views[place]) ?? (await by.gates.get(gateId));
    const words: Words = {
      reason_code: 'correct',
      ...(how.inPlace ? { on_behalf_of: cast[delegatorOf(place)]?.userId ?? '' } : {}),
      ...(how.edits ? { edits: { ...gate.payload, occurred_on: '2026-11-23' } } : {}),
    };
    return saidOf(await by.gates.decide(gate, name, words));
  };

const ACTS: Readonly<Record<ActKind, Act>> = {
  approve: verdict('approve'),
  edit: verdict('approve', { edits: true }),
  deputise: verdict('approve', { inPlace: true }),
  reject: verdict('reject'),
  escalate: verdict('escalate'),
  claim: async ({ gateId }, by) => await by.gates.claim(gateId, 600).then(() => DONE),
  steal: async ({ gateId }, by) => {
    const { claimed_by: holder } = await by.gates.get(gateId);
    // Whom nobody holds is nobody's to take from.
    if (holder === null) return { said: 'refused' };
    return await by.gates.steal(gateId, { from: holder, reason: 'At lunch.', seconds: 600 }).then(() => DONE);
  },
  release: async ({ gateId }, by) => ((await by.gates.release(gateId)).released ? DONE : { said: 'refused' }),
  recuse: async ({ gateId }, by) => await by.gates.recuse(gateId).then(() => DONE),
  comment: async ({ gateId }, by) => await by.gates.comment(gateId, 'As I saw it.').then(() => DONE),
  ask: async ({ gateId }, by) => await by.gates.ask(gateId, 'Which buyer?').then(() => DONE),
  withdraw: async ({ runId }, by) => await by.runs.withdraw(runId).then(() => DONE),
  policy: async (_ground, by, { atPermille }) =>
    await changed(by, { confidence_threshold_permille: atPermille }),
  rules: async (_ground, by, act) =>
    await changed(by, { seat_rules: seatRules(act) as Policy['seat_rules'] }),
  // Time acts by itself here; whoever looks sees how far it has come.
  tick: async ({ gateId }, by) => {
    const gate = await by.gates.get(gateId);
    return { said: 'done', version: gate.version };
  },
};

async function changed(by: Client, changes: Partial<Policy>): Promise<Said> {
  const { tenant_id: _tenant, version, set_by: _by, set_at: _at, ...present } = await by.policy.get();
  return await by.policy.put({ ...present, ...changes, reason: 'For a race.' }, { version }).then(() => DONE);
}

function saidOf(decided: Decided): Said {
  if (!isApplied(decided)) return { said: 'later', intentId: decided.id };
  const { id, intent_id: intentId, gate_version: version } = decided;
  // An escalation's own version is the one that it ended.
  return {
    said: 'applied',
    decisionId: id,
    intentId: intentId ?? undefined,
    version: decided.verdict === 'escalate' ? undefined : version,
  };
}

function refused({ code, problem }: CountersignError): Said {
  const now = (problem?.now ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const outcome = text(now.gate_outcome);
  const intentId = text(now.intent_id) ?? undefined;
  return {
    said: 'refused',
    code,
    intentId,
    version: typeof now.gate_version === 'number' ? now.gate_version : undefined,
    winner:
      outcome === null
        ? undefined
        : { outcome, decisionId: text(now.decision_id), userId: text(now.actor_user_id) },
  };
}
