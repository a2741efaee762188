import { randomBytes, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities } from '../../../activities/create';
import type { ActivityDependencies } from '../../../activities/dependencies';
import { createProviders } from '../../../activities/gateway/create-providers';
import { createLocalProvider } from '../../../activities/gateway/providers/local/provider';
import { createVault } from '../../../activities/scrubber/vault';
import type { RunStarter } from '../../../activities/sweep';
import type { Provider } from '../../../contract/model';
import type { ModelOutput, ModelRef } from '../../../contract/pack';
import type { TestDatabase } from '../../support/database';
import { addMember, addTenant, allowModel, buildWorld, type Person, type World } from '../../support/world';
import { NO_WEBHOOKS } from '../../support/no-webhooks';

export interface CallRow {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly error_code: string | null;
  readonly input_tokens: bigint | null;
  readonly output_tokens: bigint | null;
  readonly cost_nano_usd: bigint | null;
  readonly billed: boolean;
}

export interface AttemptRow {
  readonly attempt: number;
  readonly state: string;
  readonly held_nano_usd: bigint;
  readonly cost_nano_usd: bigint | null;
  readonly error_code: string | null;
}

export interface ProposalRow {
  readonly ordinal: number;
  readonly kind: string;
  readonly record_type: string;
  readonly shown: boolean;
  readonly outcome: string | null;
  readonly confidence_permille: number | null;
  readonly possible_duplicate_of: string | null;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface GateRow {
  readonly id: string;
  readonly manual: boolean;
  readonly version: number;
  readonly proposal_hash: Buffer;
  readonly roles: readonly string[];
  readonly seats: number;
  readonly closed_at: string | null;
  readonly due_at: string;
  readonly question: GateQuestion;
}

export interface GateQuestion {
  readonly question: string;
  readonly missing: readonly string[];
  readonly sources: readonly Readonly<Record<string, unknown>>[];
  readonly flags: readonly { readonly name: string; readonly reason: string }[];
}

export interface Farm {
  readonly id: string;
  readonly owner: Person;
  readonly hand: Person;
}

export interface StepsOptions {
  /** Where Bedrock is; nobody listens at the discard port. */
  readonly bedrockUrl?: () => string;
}

/** The activities over a real database, without workflows: each step is called as the worker calls it. */
export interface Steps {
  readonly world: World;
  readonly dependencies: ActivityDependencies;
  readonly activities: Activities;
  /** The dependencies with providers put beside or over the product's own. */
  withProviders(providers: Readonly<Record<string, Provider>>): ActivityDependencies;
  /** The activities with a local model that answers every farm note with this output. */
  answering(output: unknown): Activities;
  /** Accepts, reserves, scrubs and calls: the next step is the judgement. */
  answered(by: Person, input: object, output: unknown): Promise<string>;
  /** Accepts, reserves, scrubs, calls and evaluates: the next step is the draft. */
  evaluated(by: Person, input: object, output: unknown): Promise<string>;
  proposals(runId: string): Promise<ProposalRow[]>;
  gates(runId: string): Promise<GateRow[]>;
  /** A farm of its own, so that its policy, budget and credits are nobody else's. */
  farm(credits?: bigint, places?: readonly string[]): Promise<Farm>;
  accept(by: Person, purpose: string, input: object): Promise<string>;
  /** Accepts, reserves and scrubs: the next step is the call. */
  scrubbed(by: Person, purpose: string, input: object): Promise<string>;
  calls(runId: string): Promise<CallRow[]>;
  attempts(runId: string): Promise<AttemptRow[]>;
  account(tenantId: string): Promise<{ balance: bigint; held: bigint; spent: bigint }>;
  run(runId: string): Promise<Record<string, unknown>>;
  contents(runId: string, kind: string): Promise<string[]>;
  events(runId: string): Promise<string[]>;
  /** Forgets that models have failed, so that no test waits for what another did. */
  closeBreakers(): Promise<void>;
}

/** The sweeps are tested with a server. */
const NOBODY = new Proxy({} as RunStarter, {
  get: () => () => Promise.reject(new Error('There are no workflows here.')),
});

/** For the test file that calls it at its top level, after its database. */
export function steps(
  database: TestDatabase,
  { bedrockUrl = () => 'http://127.0.0.1:9' }: StepsOptions = {},
): Steps {
  let parts:
    | { world: World; dependencies: ActivityDependencies; activities: Activities; bedrock: ModelRef }
    | undefined;
  const here = () => {
    if (parts === undefined) throw new Error('Steps are there inside hooks and tests only.');
    return parts;
  };

  beforeAll(async () => {
    const world = await buildWorld(database);
    const bedrock = world.registry.purposes.find(({ model }) => model.vendor === 'bedrock')?.model;
    if (bedrock === undefined) throw new Error('no purpose asks Bedrock');
    await allowModel(database, world.platformAdmin, bedrock);
    const dependencies: ActivityDependencies = {
      database: database.open('worker'),
      registry: world.registry,
      providers: createProviders({
        endpoint: bedrockUrl(),
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        timeouts: { connectionMs: 500, requestMs: 20_000 },
      }),
      vault: createVault(randomBytes(32)),
      webhooks: NO_WEBHOOKS,
      runs: NOBODY,
    };
    parts = { world, dependencies, activities: createActivities(dependencies), bedrock };
  }, 120_000);

  const steps: Steps = {
    get world() {
      return here().world;
    },
    get dependencies() {
      return here().dependencies;
    },
    get activities() {
      return here().activities;
    },
    withProviders: (providers) => ({
      ...here().dependencies,
      providers: new Map([...here().dependencies.providers, ...Object.entries(providers)]),
    }),

    answering: (output) => {
      const local = createLocalProvider({ tasks: { 'farm-notes-1': () => output as ModelOutput } });
      return createActivities(steps.withProviders({ local: { ...local } }));
    },

    async answered(by, input, output) {
      const runId = await steps.scrubbed(by, 'farm.record', input);
      const { invoke } = steps.answering(output);
      const called = await inActivity(() => invoke({ tenantId: by.tenantId, runId, kind: 'primary' }));
      if (called.outcome !== 'answered') throw new Error(`not answered: ${called.code ?? ''}`);
      return runId;
    },

    async evaluated(by, input, output) {
      const runId = await steps.answered(by, input, output);
      await here().activities.evaluate({ tenantId: by.tenantId, runId, advisorAsked: false });
      return runId;
    },

    proposals: async (runId) =>
      await database.look<ProposalRow>(
        `select p.ordinal, p.kind, p.record_type, p.shown, p.outcome, p.confidence_permille,
           p.possible_duplicate_of, p.id, convert_from(c.bytes, 'UTF8')::json as payload
         from core.proposals p join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id
         where p.run_id = $1 order by p.ordinal`,
        [runId],
      ),

    gates: async (runId) =>
      await database.look<GateRow>(
        `select g.id, g.manual, g.version, g.proposal_hash, g.roles, g.seats, g.closed_at, g.due_at,
           convert_from(c.bytes, 'UTF8')::json as question
         from core.gates g join core.contents c on c.tenant_id = g.tenant_id and c.id = g.question_content_id
         where g.run_id = $1 order by g.opened_at, g.id`,
        [runId],
      ),

    async farm(credits, places = ['House 1', 'House 2', 'House 3']) {
      const facts = { currency: 'NGN', timeZone: 'Africa/Lagos', places };
      const id = await addTenant(database, here().world.platformAdmin, 'farm', facts, credits);
      return {
        id,
        owner: await addMember(database, id, ['admin', 'reviewer', 'requester']),
        hand: await addMember(database, id, ['requester']),
      };
    },

    async accept(by, purpose, input) {
      const accepted = await database.as('api', by.tenantId, (transaction) =>
        transaction.value<{ outcome: string; run_id: string }>(
          'select app.accept_run($1, $2, $3, $4, $5, $6)',
          [
            'POST /v1/runs',
            randomUUID(),
            JSON.stringify({ purpose, input }),
            purpose,
            JSON.stringify(input),
            by.userId,
          ],
        ),
      );
      if (accepted.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
      return accepted.run_id;
    },

    async scrubbed(by, purpose, input) {
      const runId = await steps.accept(by, purpose, input);
      const reference = { tenantId: by.tenantId, runId };
      const reserved = await here().activities.reserve(reference);
      if (reserved.outcome !== 'reserved') throw new Error(`not reserved: ${reserved.code ?? ''}`);
      const scrubbed = await here().activities.scrub(reference);
      if (scrubbed.outcome !== 'scrubbed') throw new Error(`not scrubbed: ${scrubbed.code ?? ''}`);
      return runId;
    },

    calls: async (runId) =>
      await database.look<CallRow>(
        `select c.id, c.kind, c.status, c.error_code, c.input_tokens, c.output_tokens, c.cost_nano_usd, l.billed
         from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
         where l.run_id = $1 order by c.claimed_at`,
        [runId],
      ),

    attempts: async (runId) =>
      await database.look<AttemptRow>(
        `select a.attempt, a.state, a.held_nano_usd, a.cost_nano_usd, a.error_code
         from core.ai_runs c join core.ai_run_attempts a on a.tenant_id = c.tenant_id and a.ai_run_id = c.id
         where c.run_id = $1 order by a.started_at, a.attempt`,
        [runId],
      ),

    async account(tenantId) {
      const [row] = await database.look<{ balance: bigint; held: bigint; spent: bigint }>(
        `select balance_credits as balance, held_nano_usd as held, spent_nano_usd as spent
         from core.accounts where tenant_id = $1`,
        [tenantId],
      );
      if (!row) throw new Error('no account');
      return row;
    },

    async run(runId) {
      const [row] = await database.look<Record<string, unknown>>('select * from core.runs where id = $1', [
        runId,
      ]);
      if (!row) throw new Error('no run');
      return row;
    },

    async contents(runId, kind) {
      const rows = await database.look<{ text: string }>(
        `select convert_from(bytes, 'UTF8') as text from core.contents where run_id = $1 and kind = $2
         order by created_at`,
        [runId, kind],
      );
      return rows.map(({ text }) => text);
    },

    async closeBreakers() {
      await database.asOwner('__platform__', (transaction) =>
        transaction.rows('delete from core.vendor_breakers'),
      );
    },

    async events(runId) {
      const rows = await database.look<{ type: string }>(
        'select type from core.audit_log where run_id = $1 order by seq',
        [runId],
      );
      return rows.map(({ type }) => type);
    },
  };
  return steps;
}

/** A code that a step fails with, and whether another attempt makes sense. */
export async function failureOf(
  work: Promise<unknown>,
): Promise<{ readonly code: unknown; readonly retryable: unknown; readonly retryAfterMs: unknown }> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown))
    throw new Error(`it did not fail with a code: ${String(thrown)}`);
  const { code, retryable, retryAfterMs } = thrown as Record<string, unknown>;
  return { code, retryable, retryAfterMs };
}

/** What Temporal gives to an activity, without the server's log of what fails on purpose. */
export function activityEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

/** Runs a step that heartbeats as Temporal runs it. */
export async function inActivity<Result>(
  work: () => Promise<Result>,
  environment = activityEnvironment(),
): Promise<Result> {
  return await environment.run<[], Result, () => Promise<Result>>(work);
}

/** A farm note, written at a fixed time. */
export function note(text: string): { readonly note: string; readonly occurred_at: string } {
  return { note: text, occurred_at: '2025-11-10T17:40:00+01:00' };
}

/** One proposal of a model, with what a test changes. */
export function proposal(
  recordType: string,
  payload: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    record_type: recordType,
    payload,
    confidence_permille: 1000,
    sources: [],
    missing: [],
    ...changes,
  };
}

/** An answer with these proposals. */
export function output(
  proposals: readonly unknown[],
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { proposals, confidence_permille: 1000, confidence_origin: 'for a test', ...changes };
}
