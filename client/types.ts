import type { Decision, Intent } from '../contract/wire/decision';
import type { RouteName } from '../contract/wire/endpoints';
import type { Gate } from '../contract/wire/gate';
import type { RouteAnswer, RouteBody, RouteQuery } from '../contract/wire/routes';
import type { Run } from '../contract/wire/run';

/** The JSON that an address answers with. */
export type Answer<Name extends RouteName> = RouteAnswer<Name>;
/** The JSON that an address takes. */
export type Body<Name extends RouteName> = RouteBody<Name>;
/** The query of an address; everything in it may be left out. */
export type Query<Name extends RouteName> = {
  readonly [Field in keyof RouteQuery<Name>]?: RouteQuery<Name>[Field] | undefined;
};

/** One page of a list. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

export interface CreateOptions {
  /** The same key is the same run, however often it is sent; a random one by default. */
  readonly idempotencyKey?: string;
  /** Answers once a gate is open or the run is closed, at most after these seconds (30); a refusal is then an error. */
  readonly waitSeconds?: number;
}

export interface WaitOptions {
  /** `decidable`: a gate is open, or the run is closed. A function is asked of every state that is seen. */
  readonly until: 'decidable' | 'closed' | ((run: Run) => boolean);
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The version of what was read: 0 where nothing is there yet. */
export interface Seen {
  readonly version: number;
}

/** A verdict's words: all that `decide` takes but what it binds to, which is read from the gate. */
export type Words = Partial<
  Omit<Body<'gates.decide'>, 'verdict' | 'gate_version' | 'proposal_hash' | 'shown_hash'>
>;

/** A verdict is applied, or stored to be applied later: then only the intent is there. */
export type Decided = Decision | Intent;

/** A gate as it was shown: what a decision binds to. */
export type Shown = Pick<Gate, 'id' | 'version' | 'proposal_hash' | 'shown_hash'>;

export function isApplied(decided: Decided): decided is Decision {
  return 'decided_at' in decided;
}
