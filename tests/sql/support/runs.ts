import { createHash, randomUUID } from 'node:crypto';
import type { Pack } from '../../../contract/pack';
import type { DatabaseRole } from '../../../db/pool';
import type { Transaction } from '../../../db/transaction';
import type { TestDatabase } from '../../support/database';
import { proofOf } from '../../support/proofs';
import { addMember, addTenant, buildWorld, type Person, type World } from '../../support/world';

/** What most functions answer with. */
export interface Answer {
  readonly outcome: string;
  readonly code?: string | null;
  readonly [more: string]: unknown;
}

/** What begin_call and finish_call answer with. */
export interface CallAnswer {
  readonly state: string;
  readonly code?: string | null;
  readonly ai_run_id: string;
  readonly attempt: number;
  readonly output?: string | null;
}

export interface DraftItem {
  readonly kind: 'draft' | 'recommendation' | 'manual';
  readonly record_type: string;
  readonly payload: string;
  readonly confidence_permille: number | null;
  readonly shown: boolean;
  readonly question: string;
  readonly due_at: string;
  readonly instants: readonly { kind: 'reminder' | 'escalation'; at: string; role: string | null }[];
}

export interface GateRow {
  readonly id: string;
  readonly run_id: string;
  readonly proposal_id: string;
  readonly version: number;
  readonly proposal_hash: string;
  readonly roles: readonly string[];
  readonly seats: number;
  readonly outcome: string | null;
  readonly closed_at: string | null;
  readonly seats_taken: bigint;
}

export interface Farm {
  readonly id: string;
  readonly owner: Person;
  readonly hand: Person;
}

export interface VerdictWords {
  readonly version?: number;
  readonly hash?: Buffer;
  /** Of the view that was seen, if it is not the present one. */
  readonly shown?: Buffer;
  readonly disposition?: string | null;
  readonly reasonCode?: string | null;
  readonly rationale?: string | null;
  readonly edits?: object | string;
  readonly recordType?: string;
  readonly onBehalfOf?: string;
  readonly rationaleParts?: Readonly<Record<string, string>>;
  readonly proof?: { readonly id: unknown; readonly secret: Buffer };
  readonly keyId?: string;
}

/** A run brought to any step by the database's own functions, each called in the role that may call it. */
export interface Runs {
  readonly world: World;
  call<Result = Answer>(
    role: DatabaseRole,
    tenantId: string | null,
    name: string,
    ...parameters: readonly unknown[]
  ): Promise<Result>;
  /** A farm of its own, so that its policy, budget and credits are nobody else's. */
  farm(credits?: bigint): Promise<Farm>;
  accept(by: Person, purpose?: string): Promise<string>;
  reserved(by: Person, purpose?: string): Promise<string>;
  /** With its prompt stored, under the call key of the given text. */
  scrubbed(by: Person, purpose?: string, keyOf?: string): Promise<string>;
  begin(tenantId: string, runId: string, kind?: 'primary' | 'advisor'): Promise<CallAnswer>;
  finish(tenantId: string, call: CallAnswer, result?: object): Promise<CallAnswer>;
  /** With an answered call of its own; its id too. */
  answered(by: Person, purpose?: string): Promise<{ runId: string; aiRunId: string }>;
  /** With proposals and their gates, which are answered in order. */
  drafted(
    by: Person,
    items: readonly DraftItem[],
    purpose?: string,
  ): Promise<{ runId: string; gates: GateRow[] }>;
  gates(tenantId: string, runId: string): Promise<GateRow[]>;
  store(by: Person, gate: GateRow, verdict: string, words?: VerdictWords): Promise<Answer>;
  apply(tenantId: string, intentId: unknown, named?: string): Promise<Answer>;
  /** Stores and applies. */
  decide(by: Person, gate: GateRow, verdict: string, words?: VerdictWords): Promise<Answer>;
  row(table: string, where: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  count(table: string, where: Readonly<Record<string, unknown>>): Promise<number>;
  events(runId: string): Promise<string[]>;
  shiftClock(interval: string): Promise<void>;
}

export const ANSWERED = {
  status: 'answered',
  output: '{"proposals": []}',
  input_tokens: '10',
  output_tokens: '5',
  cache_read_tokens: '0',
  cache_write_tokens: '0',
  latency_ms: '7',
  provider_request_id: 'r-1',
};

/** A complete sale of eggs: financial, one seat, nobody separated. */
export function sale(changes: Partial<DraftItem> = {}): DraftItem {
  const payload = {
    item: 'eggs',
    quantity: '30',
    unit: 'crate',
    total_minor: '4500000',
    currency: 'NGN',
    occurred_on: '2026-11-10',
  };
  return item('draft', 'sale', payload, changes);
}

/** A complete note: routine. */
export function note(changes: Partial<DraftItem> = {}): DraftItem {
  return item('draft', 'note', { text: 'The fence is mended.', occurred_on: '2026-11-10' }, changes);
}

/** A complete criteria check: privileging, two seats, a disposition, a rationale in words. */
export function grant(changes: Partial<DraftItem> = {}, trustRecordIds: readonly string[] = []): DraftItem {
  const payload = {
    subject_id: 'provider-1',
    privilege_code: 'p-1',
    criteria: [],
    met: 0,
    not_met: 0,
    unknown: 0,
    trust_record_ids: trustRecordIds,
  };
  return item('recommendation', 'privilege_grant', payload, changes);
}

export function item(
  kind: DraftItem['kind'],
  recordType: string,
  payload: object,
  changes: Partial<DraftItem>,
): DraftItem {
  return {
    kind,
    record_type: recordType,
    payload: JSON.stringify(payload),
    confidence_permille: 1000,
    shown: true,
    question: '{"question": "Is it so?"}',
    due_at: inHours(24),
    instants: [],
    ...changes,
  };
}

export function inHours(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** For the test file that calls it at its top level, after its database. The packs are the product's own by default. */
export function sqlRuns(database: TestDatabase, packs?: readonly Pack[]): Runs {
  let world: World | undefined;
  beforeAll(async () => {
    world = await buildWorld(database, packs);
  }, 120_000);

  const runs: Runs = {
    get world() {
      if (world === undefined) throw new Error('The world is there inside hooks and tests only.');
      return world;
    },
    async call<Result = Answer>(
      role: DatabaseRole,
      tenantId: string | null,
      name: string,
      ...parameters: readonly unknown[]
    ) {
      const work = (transaction: Transaction): Promise<Result> =>
        transaction.value(callOf(name, parameters), parameters);
      // What nobody does, the system does: in the owner's role alone.
      const isSystems =
        ['set_member', 'create_key', 'revoke_key', 'withdraw_run'].includes(name) &&
        // Whoever acts comes last, but for a member's e-mail address.
        parameters[name === 'set_member' ? 5 : parameters.length - 1] === null;
      return isSystems ? await database.asOwner(tenantId, work) : await database.as(role, tenantId, work);
    },
    async farm(credits) {
      const facts = { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] };
      const id = await addTenant(database, runs.world.platformAdmin, 'farm', facts, credits);
      return {
        id,
        owner: await addMember(database, id, ['admin', 'reviewer', 'requester']),
        hand: await addMember(database, id, ['requester']),
      };
    },
    async accept(by, purpose = 'farm.record') {
      const request = ['POST /v1/runs', randomUUID(), '{}', purpose, inputOf(purpose), by.userId];
      const accepted = await runs.call('api', by.tenantId, 'accept_run', ...request);
      if (accepted.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
      return String(accepted.run_id);
    },
    async reserved(by, purpose) {
      const runId = await runs.accept(by, purpose);
      const held = await runs.call('worker', by.tenantId, 'reserve', runId);
      if (held.outcome !== 'reserved') throw new Error(`not reserved: ${JSON.stringify(held)}`);
      return runId;
    },
    async scrubbed(by, purpose, keyOf = randomUUID()) {
      const runId = await runs.reserved(by, purpose);
      await runs.call('worker', by.tenantId, 'store_prompt', runId, prompt(keyOf));
      return runId;
    },
    begin: (tenantId, runId, kind = 'primary') =>
      runs.call<CallAnswer>('worker', tenantId, 'begin_call', runId, kind),
    finish: (tenantId, call, result = ANSWERED) =>
      runs.call<CallAnswer>(
        'worker',
        tenantId,
        'finish_call',
        call.ai_run_id,
        call.attempt,
        JSON.stringify(result),
      ),
    async answered(by, purpose) {
      const runId = await runs.scrubbed(by, purpose);
      const call = await runs.begin(by.tenantId, runId);
      await runs.finish(by.tenantId, call);
      return { runId, aiRunId: call.ai_run_id };
    },
    async drafted(by, items, purpose) {
      const { runId, aiRunId } = await runs.answered(by, purpose);
      const draft = { advisory: 'available', ai_run_id: aiRunId, senior: false, items };
      const answer = await runs.call('worker', by.tenantId, 'record_draft', runId, JSON.stringify(draft));
      if (answer.outcome !== 'drafted') throw new Error(`not drafted: ${JSON.stringify(answer)}`);
      return { runId, gates: await runs.gates(by.tenantId, runId) };
    },
    gates: (tenantId, runId) =>
      database.as('worker', tenantId, (transaction) =>
        transaction.rows<GateRow>('select * from app.gates where run_id = $1 order by opened_at, id', [
          runId,
        ]),
      ),
    async store(by, gate, verdict, words = {}) {
      const keyId = words.keyId ?? by.keyId;
      const parameters = [
        gate.id,
        words.version ?? gate.version,
        words.hash ?? Buffer.from(gate.proposal_hash, 'hex'),
        words.shown ?? null,
        verdict,
        words.disposition ?? null,
        words.reasonCode === undefined
          ? words.rationale === undefined && words.rationaleParts === undefined
            ? 'correct'
            : null
          : words.reasonCode,
        words.rationale ?? null,
        words.edits === undefined
          ? null
          : typeof words.edits === 'string'
            ? words.edits
            : JSON.stringify(words.edits),
        by.userId,
        keyId,
        new Date().toISOString(),
        words.recordType ?? null,
        words.onBehalfOf ?? null,
        words.rationaleParts === undefined ? null : JSON.stringify(words.rationaleParts),
        words.proof?.id ?? null,
        words.proof?.secret ?? null,
      ];
      // Keys that a test has made by hand have the hash of their id.
      const proof =
        keyId === by.keyId && by.token !== '' ? proofOf(by.token) : { keyId, secretSha256: hashOf(keyId) };
      return await database.as(
        'api',
        by.tenantId,
        // Without another one: the view that this person gets now.
        (transaction) =>
          transaction.value<Answer>(
            callOf('store_intent', parameters).replace(
              '$4',
              'coalesce($4, app.shown_hash($1::uuid, $10::uuid))',
            ),
            parameters,
          ),
        proof,
      );
    },
    apply: (tenantId, intentId, named) =>
      runs.call('worker', tenantId, 'apply_intent', intentId, named ?? null),
    async decide(by, gate, verdict, words) {
      const stored = await runs.store(by, gate, verdict, words);
      if (stored.outcome !== 'stored') throw new Error(`not stored: ${JSON.stringify(stored)}`);
      return await runs.apply(by.tenantId, stored.intent_id);
    },
    async row(table, where) {
      const [row, ...more] = await looked(database, table, where);
      if (row === undefined || more.length > 0)
        throw new Error(`not one row of ${table} but ${more.length + (row ? 1 : 0)}`);
      return row;
    },
    count: async (table, where) => (await looked(database, table, where)).length,
    async events(runId) {
      const rows = await database.look<{ type: string }>(
        'select type from core.audit_log where run_id = $1 order by seq',
        [runId],
      );
      return rows.map(({ type }) => type);
    },
    async shiftClock(interval) {
      await database.asOwner(null, (transaction) =>
        transaction.value('select app.shift_clock($1)', [interval]),
      );
    },
  };
  return runs;
}

function callOf(name: string, parameters: readonly unknown[]): string {
  return `select app.${name}(${parameters.map((_, at) => `$${at + 1}`).join(', ')})`;
}

/** An input that names its subject where the purpose asks for one: as `grant` does. */
function inputOf(purpose: string): string {
  return purpose.startsWith('farm.') ? '{"note": "n"}' : '{"subject": {"id": "provider-1"}}';
}

/** What scrub stores, under call keys of a text. */
export function prompt(keyOf: string): string {
  return JSON.stringify({
    prompt: '{"system": "s", "user": "u"}',
    primary_call_key: hashOf(`primary ${keyOf}`).toString('hex'),
    advisor_call_key: hashOf(`advisor ${keyOf}`).toString('hex'),
    tokens: [],
  });
}

async function looked(
  database: TestDatabase,
  table: string,
  where: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>[]> {
  const names = Object.keys(where);
  const condition = names.map((name, at) => `${name} = $${at + 1}`).join(' and ');
  return await database.look(`select * from core.${table} where ${condition}`, Object.values(where));
}
