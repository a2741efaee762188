import type { Person } from '../support/world';
import type { Race, RaceAct } from './acts';

/** Who closed a gate, as somebody who came too late was told. */
export interface ToldWinner {
  readonly outcome: string;
  readonly decisionId: string | null;
  readonly userId: string | null;
}

/** What one act was told. */
export interface Told {
  readonly act: RaceAct;
  readonly userId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `later`: accepted, and not applied yet. `kept out`: not of this gate's people. */
  readonly said: 'done' | 'applied' | 'refused' | 'later';
  readonly code?: string | undefined;
  /** Of a verdict that was accepted. */
  readonly intentId?: string | undefined;
  readonly decisionId?: string | undefined;
  readonly winner?: ToldWinner | undefined;
  /** The version of the gate that the answer tells of, and when it was asked for. */
  readonly version?: number | undefined;
}

/** A run whose one gate is open. */
export interface Ground {
  readonly tenantId: string;
  readonly runId: string;
  readonly gateId: string;
  readonly cast: readonly Person[];
  readonly asker: Person;
  /** When the race began, by the clock of this process. */
  readonly openedAt: number;
}

/** Where races take place: against the database alone, or over HTTP with a worker and Temporal behind it. */
export interface Arena {
  /** Races that are run at once. */
  readonly atOnce: number;
  /** Whether dozens may act at once at one gate: not where one transaction runs at a time. */
  readonly crowds: boolean;
  /** How long a race's acts are spread over. */
  lengthMs(race: Race): number;
  open(race: Race): Promise<Ground>;
  perform(ground: Ground, act: RaceAct): Promise<Omit<Told, 'act' | 'userId' | 'startedAt' | 'endedAt'>>;
  /** Brings the run to its end whatever the acts left open. */
  end(ground: Ground): Promise<void>;
}
