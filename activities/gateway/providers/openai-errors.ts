/**
 * What becomes of each way a call to an OpenAI-compatible endpoint can fail. The wire has a status, and in the body of an
 * error a code or a type whose names differ from server to server: a known name is more exact than the status.
 */
import type { ProviderError } from '../../../contract/model';
import {
  BROKEN_OFF,
  CUT_SHORT,
  lookUp,
  member,
  networkFailure,
  NOT_REACHED,
  providerError,
  REFUSED,
  REFUSED_AFTER_READING,
  textMember,
  THROTTLED,
  TIMED_OUT,
  UNAVAILABLE,
  UNKNOWN_FAILURE,
  type Failure,
} from './failure';

/** By `error.code`, else `error.type`, of the body. */
export const NAMED_FAILURES: Readonly<Record<string, Failure>> = {
  rate_limit_exceeded: THROTTLED,
  insufficient_quota: REFUSED,
  context_length_exceeded: REFUSED,
  model_not_found: REFUSED,
  invalid_api_key: REFUSED,
  content_policy_violation: REFUSED_AFTER_READING,
  content_filter: REFUSED_AFTER_READING,
};

/** By the answer's status. A redirect is not followed: the address comes from the configuration alone. */
export const HTTP_FAILURES: Readonly<Record<number, Failure>> = {
  301: REFUSED,
  302: REFUSED,
  303: REFUSED,
  307: REFUSED,
  308: REFUSED,
  400: REFUSED,
  401: REFUSED,
  403: REFUSED,
  404: REFUSED,
  405: REFUSED,
  408: TIMED_OUT,
  413: REFUSED,
  415: REFUSED,
  422: REFUSED,
  424: BROKEN_OFF,
  429: THROTTLED,
  500: BROKEN_OFF,
  501: REFUSED,
  502: BROKEN_OFF,
  503: UNAVAILABLE,
  504: TIMED_OUT,
  529: UNAVAILABLE,
};

/** Errors of Node's fetch that have a name of their own, beside those of the network. */
export const FETCH_FAILURES: Readonly<Record<string, Failure>> = {
  UND_ERR_CONNECT_TIMEOUT: NOT_REACHED,
  UND_ERR_SOCKET: BROKEN_OFF,
  UND_ERR_HEADERS_TIMEOUT: TIMED_OUT,
  UND_ERR_BODY_TIMEOUT: TIMED_OUT,
};

/** Endings of a generation (`finish_reason`) that are no answer, whatever was generated. */
export const FINISH_FAILURES: Readonly<Record<string, Failure>> = {
  length: CUT_SHORT,
  content_filter: REFUSED_AFTER_READING,
};

/** Failure of an answer with a status that is no success. `body` is read for its error's name and forgotten. */
export function httpFailure(status: number, body: unknown): Failure {
  const error = member(body, 'error');
  const named =
    lookUp(NAMED_FAILURES, textMember(error, 'code')) ?? lookUp(NAMED_FAILURES, textMember(error, 'type'));
  return named ?? HTTP_FAILURES[status] ?? (status >= 500 ? UNKNOWN_FAILURE : REFUSED);
}

/** Translates what fetch threw: its own error says nothing, the cause does. */
export function fetchError(thrown: unknown): ProviderError {
  const cause = member(thrown, 'cause');
  return providerError(
    lookUp(FETCH_FAILURES, textMember(cause, 'code')) ?? networkFailure(cause) ?? UNKNOWN_FAILURE,
  );
}
