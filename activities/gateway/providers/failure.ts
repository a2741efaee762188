/**
 * The kinds of failure that every provider's tables are made of, and what is read of an error in the same way whoever
 * threw it. No entry keeps the vendor's text: it may quote the prompt.
 */
import { ProviderError, type FailureKind } from '../../../contract/model';

export interface Failure {
  readonly code: ProviderError['code'];
  readonly kind: FailureKind;
  readonly mayBeBilled: boolean;
}

/** The vendor asks to come back later. */
export const THROTTLED: Failure = { code: 'model_throttled', kind: 'retry', mayBeBilled: false };
/** Nothing was answered, and nothing was generated. */
export const UNAVAILABLE: Failure = { code: 'model_unavailable', kind: 'retry', mayBeBilled: false };
/** Something broke after the vendor had the request. */
export const BROKEN_OFF: Failure = { code: 'model_unavailable', kind: 'retry_once', mayBeBilled: true };
/** No answer came in time, although the vendor has the request. */
export const TIMED_OUT: Failure = { code: 'model_timeout', kind: 'retry_once', mayBeBilled: true };
/** The time was over before the vendor had the request. */
export const NOT_REACHED: Failure = { code: 'model_timeout', kind: 'retry', mayBeBilled: false };
/** The vendor did not take the request, and will not take the same one again. */
export const REFUSED: Failure = { code: 'model_refused', kind: 'fail', mayBeBilled: false };
/** The model read the prompt and gave no answer. */
export const REFUSED_AFTER_READING: Failure = { code: 'model_refused', kind: 'fail', mayBeBilled: true };
/** An answer came that can't be read. */
export const MALFORMED: Failure = { code: 'model_malformed', kind: 'retry_once', mayBeBilled: true };
/** The answer is longer than it may be: asking again gives the same. */
export const CUT_SHORT: Failure = { code: 'model_malformed', kind: 'fail', mayBeBilled: true };

/** A 200 whose body, tool input, usage or vector is not what the wire promises. */
export const MALFORMED_ANSWER: Failure = MALFORMED;
/** The configured time for the whole call is over. */
export const DEADLINE_PASSED: Failure = TIMED_OUT;
/** The caller withdrew the call before it was sent. */
export const WITHDRAWN_BEFORE: Failure = NOT_REACHED;
/** The caller withdrew the call while it was under way. */
export const WITHDRAWN_UNDER_WAY: Failure = TIMED_OUT;
/** The request does not belong to this provider: another vendor or region, or a model that it cannot speak to. */
export const NOT_OURS: Failure = REFUSED;
/** Nothing is known about it, so the worst is assumed. */
export const UNKNOWN_FAILURE: Failure = BROKEN_OFF;

/** Errors of the network, by Node's code. What failed before a request could be sent is surely unbilled. */
export const NETWORK_FAILURES: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: UNAVAILABLE,
  ENOTFOUND: UNAVAILABLE,
  EAI_AGAIN: UNAVAILABLE,
  EHOSTUNREACH: UNAVAILABLE,
  ENETUNREACH: UNAVAILABLE,
  EADDRNOTAVAIL: UNAVAILABLE,
  EMFILE: UNAVAILABLE,
  EPROTO: UNAVAILABLE,
  CERT_HAS_EXPIRED: UNAVAILABLE,
  CERT_NOT_YET_VALID: UNAVAILABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNAVAILABLE,
  SELF_SIGNED_CERT_IN_CHAIN: UNAVAILABLE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNAVAILABLE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNAVAILABLE,
  ERR_TLS_CERT_ALTNAME_INVALID: UNAVAILABLE,
  ECONNRESET: BROKEN_OFF,
  EPIPE: BROKEN_OFF,
  ECONNABORTED: BROKEN_OFF,
  ERR_STREAM_PREMATURE_CLOSE: BROKEN_OFF,
  ETIMEDOUT: TIMED_OUT,
};

/** Makes the error that leaves a provider. */
export function providerError(failure: Failure, retryAfterMs: number | null = null): ProviderError {
  return new ProviderError(failure.code, failure.kind, failure.mayBeBilled, retryAfterMs);
}

/** The failure of an error with a code of Node's; a connection that never came about carried no request. */
export function networkFailure(thrown: unknown): Failure | undefined {
  const known = lookUp(NETWORK_FAILURES, textMember(thrown, 'code'));
  if (known === undefined || known.kind === 'fail' || textMember(thrown, 'syscall') !== 'connect')
    return known;
  return { ...known, kind: 'retry', mayBeBilled: false };
}

/** RFC 9110, `Retry-After`: seconds or a date. Null when absent or unreadable; never negative. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const value = header?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** An own entry of a table: a name from an object's prototype is none. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  key: string | undefined,
): Value | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, key);
}

export function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === 'string' ? found : undefined;
}

/**
 * Sends with a deadline over the whole call. `signal` withdraws it.
 *
 * @param translate makes the failure of whatever else was thrown
 * @throws ProviderError and nothing else
 */
export async function timed<Output>(
  signal: AbortSignal,
  requestMs: number,
  send: (abortSignal: AbortSignal) => Promise<Output>,
  translate: (thrown: unknown) => ProviderError,
): Promise<Output> {
  if (signal.aborted) throw providerError(WITHDRAWN_BEFORE);
  const controller = new AbortController();
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    controller.abort();
  }, requestMs);
  const withdraw = (): void => controller.abort();
  signal.addEventListener('abort', withdraw, { once: true });
  try {
    return await send(controller.signal);
  } catch (thrown) {
    if (signal.aborted) throw providerError(WITHDRAWN_UNDER_WAY);
    if (isOverdue) throw providerError(DEADLINE_PASSED);
    throw thrown instanceof ProviderError ? thrown : translate(thrown);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', withdraw);
  }
}
