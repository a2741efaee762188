import { createClient, type Client } from '../../client/index';
import type { Body } from '../../client/types';
import type { RunOutcome } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import type { Progress } from '../command';
import type { CastName } from '../seed/cast';
import type { SeededPeople } from '../seed/token-file';
import type { Stack } from '../stack';

/** Runs about which the proof at the end asks something of their own. */
export type RunRole =
  | 'routine'
  | 'advised'
  | 'expiring'
  | 'same-key'
  | 'same-text'
  | 'racing'
  | 'unlisted'
  | 'unreachable'
  | 'terminated'
  | 'killed';

/** A run that a scene has started, and how it must end. */
export interface ToldRun {
  readonly runId: string;
  readonly tenantId: string;
  readonly what: string;
  readonly role: RunRole | undefined;
  readonly expected: RunOutcome;
}

export interface PlayedScene {
  readonly title: string;
  readonly seconds: number;
}

/** One side of a tenant: who asks, and what is told of the run. */
export interface Asking {
  readonly by: Client;
  readonly tenantId: string;
  readonly what: string;
  readonly expected: RunOutcome;
  readonly role?: RunRole;
  readonly idempotencyKey?: string;
}

const RUN_MS_MAX = 90_000;

/** Where the scenes play: the people with their keys, what was started, and what the audience is told. */
export class Stage {
  readonly told: ToldRun[] = [];
  readonly scenes: PlayedScene[] = [];
  /** Clients of tenants that the scenes have made, by who reads their books at the end. */
  readonly otherReaders: Client[] = [];
  readonly #clients = new Map<string, Client>();

  constructor(
    readonly stack: Stack,
    readonly people: SeededPeople,
    readonly say: Progress,
  ) {}

  /** A seeded person, with that person's own key. */
  as(name: CastName): Client {
    return this.withKey(this.people[name].token);
  }

  withKey(key: string): Client {
    const known = this.#clients.get(key) ?? createClient({ baseUrl: this.stack.apiUrl, key });
    this.#clients.set(key, known);
    return known;
  }

  async scene(title: string, play: () => Promise<void>): Promise<void> {
    const started = performance.now();
    this.say(`\n${title}`);
    await play();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    this.scenes.push({ title, seconds });
    this.say(`  (${seconds.toFixed(1)} s)`);
  }

  /** Starts a run, and notes how it must end. */
  async start(asking: Asking, request: Body<'runs.create'>): Promise<Run> {
    const { by, idempotencyKey } = asking;
    const run = await by.runs.create(request, idempotencyKey === undefined ? {} : { idempotencyKey });
    this.note(asking, run.id);
    return run;
  }

  /** Starts a run and waits until it asks somebody, or is closed. */
  async ask(asking: Asking, request: Body<'runs.create'>): Promise<Run> {
    const { id } = await this.start(asking, request);
    return await this.until(asking.by, id, 'decidable');
  }

  note({ tenantId, what, expected, role }: Omit<Asking, 'by'>, runId: string): void {
    this.told.push({ runId, tenantId, what, expected, role });
  }

  async until(by: Client, runId: string, until: 'decidable' | 'closed'): Promise<Run> {
    return await by.runs.wait(runId, { until, timeoutMs: RUN_MS_MAX });
  }

  /** The runs of a role, in the order in which they were started. */
  runsOf(role: RunRole): readonly string[] {
    return this.told.filter((run) => run.role === role).map(({ runId }) => runId);
  }

  theRunOf(role: RunRole): string {
    const [runId] = this.runsOf(role);
    if (runId === undefined) throw new Error(`No run was started for ${role}.`);
    return runId;
  }
}

/** A gate as a person reads it before deciding. @throws Error when the run has no such gate */
export async function openGate(reader: Client, run: Run, recordType?: string): Promise<Gate> {
  const proposal = run.proposals.find(
    (one) => one.gate !== null && (recordType === undefined || one.record_type === recordType),
  );
  if (proposal?.gate == null) throw new Error(`Run ${run.id} asks nobody about ${recordType ?? 'anything'}.`);
  return await reader.gates.get(proposal.gate);
}
