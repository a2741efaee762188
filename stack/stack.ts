import type { Progress } from './command';
import type { ProcessState } from './managed-process';
import type { ProcessIdentity } from './process-identity';
import type { Ports } from './settings';
import type { Part } from './state-file';

export interface StackOptions {
  /** The data folder; by default `COUNTERSIGN_HOME`, else `.countersign` here. */
  readonly home?: string;
  /** What to start; by default all four. A database or Temporal that the environment names is never started. */
  readonly parts?: readonly Part[];
  readonly progress?: Progress;
  /** Run when the database answers and before worker and API start. Gets the connection string of any role. */
  readonly migrate?: (databaseUrl: (role: string) => string) => Promise<void>;
  /** The database to use instead of `DATABASE_URL` or the embedded one. */
  readonly databaseUrl?: (role: string) => string;
  /** The Temporal to use instead of `TEMPORAL_ADDRESS` or the dev server. */
  readonly temporalAddress?: string;
  /** What to run instead of the built worker and API: program and arguments. */
  readonly commands?: Partial<Record<'worker' | 'api', readonly string[]>>;
  /** Added to the environment of worker and API. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports that are wanted; 0 takes any free one. */
  readonly ports?: Partial<Ports>;
  /** How long a part may take to end before it is killed, where the usual time does not fit. */
  readonly stopMsMax?: Partial<Record<Part, number>>;
  /** How long a part may take to serve before its start is given up, where a minute does not fit. */
  readonly readyMsMax?: number;
  /** Ends a start that is under way: what was started is stopped, and `startStack` throws. */
  readonly signal?: AbortSignal;
}

export interface StackProcess extends ProcessIdentity {
  readonly part: Part | 'supervisor';
  readonly state: ProcessState;
  /** How often it was started again after it had ended unasked. */
  readonly restarts: number;
  readonly logFile: string | undefined;
}

/** A stack that is up. Parts that were left out, or are somebody else's, cannot be signalled. */
export interface Stack {
  readonly home: string;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Undefined when Temporal is not ours. */
  readonly temporalUiUrl: string | undefined;
  /** The connection string for a database role (`countersign_worker` …). */
  databaseUrl(role: string): string;
  /** Signals a part's process group and waits for its end when the signal ends it; it is then started again. */
  kill(part: Part, signal: NodeJS.Signals): Promise<void>;
  /** The same, but it stays down until `resume`. SIGTERM by default. */
  halt(part: Part, signal?: NodeJS.Signals): Promise<void>;
  resume(part: Part): Promise<void>;
  /** Ends a part as `stop` would, starts it again and waits until it serves. */
  restart(part: Part): Promise<void>;
  /** Waits until a part serves, e.g. again after `kill`. */
  ready(part: Part): Promise<void>;
  /** The supervisor and every part that runs now. */
  processes(): StackProcess[];
  /** Stops API, worker, Temporal and the embedded Postgres, in this order. May be called more than once. */
  stop(): Promise<void>;
}
