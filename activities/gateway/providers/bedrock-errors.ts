/**
 * What becomes of each way a Bedrock call can fail: the one table that the gateway's attempts, charges and endings
 * follow from. Sources: the API's error reference (Converse, InvokeModel), the SDK's exception classes, Node's network
 * errors, and measurements of the SDK against a loopback server. No entry keeps the vendor's text: it may quote the prompt.
 */
import type {
  AccessDeniedException,
  ConflictException,
  InternalServerException,
  ModelErrorException,
  ModelNotReadyException,
  ModelStreamErrorException,
  ModelTimeoutException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ServiceUnavailableException,
  StopReason,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { ProviderError, type FailureKind } from '../../../contract/model';

export interface Failure {
  readonly code: ProviderError['code'];
  readonly kind: FailureKind;
  readonly mayBeBilled: boolean;
}

type ModelledName = (
  | AccessDeniedException
  | ConflictException
  | InternalServerException
  | ModelErrorException
  | ModelNotReadyException
  | ModelStreamErrorException
  | ModelTimeoutException
  | ResourceNotFoundException
  | ServiceQuotaExceededException
  | ServiceUnavailableException
  | ThrottlingException
  | ValidationException
)['name'];

const THROTTLED: Failure = { code: 'model_throttled', kind: 'retry', mayBeBilled: false };
const UNAVAILABLE: Failure = { code: 'model_unavailable', kind: 'retry', mayBeBilled: false };
const BROKEN_OFF: Failure = { code: 'model_unavailable', kind: 'retry_once', mayBeBilled: true };
const TIMED_OUT: Failure = { code: 'model_timeout', kind: 'retry_once', mayBeBilled: true };
const NOT_REACHED: Failure = { code: 'model_timeout', kind: 'retry', mayBeBilled: false };
const REFUSED: Failure = { code: 'model_refused', kind: 'fail', mayBeBilled: false };
const REFUSED_AFTER_READING: Failure = { code: 'model_refused', kind: 'fail', mayBeBilled: true };
const MALFORMED: Failure = { code: 'model_malformed', kind: 'retry_once', mayBeBilled: true };
const CUT_SHORT: Failure = { code: 'model_malformed', kind: 'fail', mayBeBilled: true };

/** Exceptions that the SDK's model of the service declares; the type makes a missing one a compile error. */
export const MODELLED_FAILURES: Readonly<Record<ModelledName, Failure>> = {
  ThrottlingException: THROTTLED,
  ModelNotReadyException: UNAVAILABLE,
  ServiceUnavailableException: UNAVAILABLE,
  InternalServerException: UNAVAILABLE,
  ModelTimeoutException: TIMED_OUT,
  ModelErrorException: BROKEN_OFF,
  ModelStreamErrorException: BROKEN_OFF,
  ValidationException: REFUSED,
  AccessDeniedException: REFUSED,
  ResourceNotFoundException: REFUSED,
  ServiceQuotaExceededException: REFUSED,
  ConflictException: REFUSED,
};

/** Errors that every AWS service may answer with (common errors), and those of finding credentials. */
export const COMMON_FAILURES: Readonly<Record<string, Failure>> = {
  TooManyRequestsException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  ServiceUnavailable: UNAVAILABLE,
  InternalFailure: UNAVAILABLE,
  ExpiredTokenException: UNAVAILABLE,
  CredentialsProviderError: UNAVAILABLE,
  TokenProviderError: UNAVAILABLE,
  UnrecognizedClientException: REFUSED,
  InvalidSignatureException: REFUSED,
  IncompleteSignature: REFUSED,
  IncompleteSignatureException: REFUSED,
  MissingAuthenticationTokenException: REFUSED,
  InvalidClientTokenId: REFUSED,
  SignatureDoesNotMatch: REFUSED,
  RequestExpired: REFUSED,
  RequestTimeTooSkewed: REFUSED,
  OptInRequired: REFUSED,
  NotAuthorized: REFUSED,
  UnknownOperationException: REFUSED,
  SerializationException: REFUSED,
};

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

/** What is left to go by when neither name nor code is known: the answer's status. */
export const STATUS_FAILURES: Readonly<Record<number, Failure>> = {
  400: REFUSED,
  401: REFUSED,
  403: REFUSED,
  404: REFUSED,
  408: TIMED_OUT,
  413: REFUSED,
  424: BROKEN_OFF,
  429: THROTTLED,
  500: BROKEN_OFF,
  502: BROKEN_OFF,
  503: UNAVAILABLE,
  504: TIMED_OUT,
};

/** Endings of a generation that are no answer. `tool_use` is the only ending that is one. */
export const STOP_FAILURES: Readonly<Record<Exclude<StopReason, 'tool_use'>, Failure>> = {
  end_turn: REFUSED_AFTER_READING,
  stop_sequence: REFUSED_AFTER_READING,
  content_filtered: REFUSED_AFTER_READING,
  guardrail_intervened: REFUSED_AFTER_READING,
  model_context_window_exceeded: REFUSED_AFTER_READING,
  max_tokens: CUT_SHORT,
  malformed_model_output: MALFORMED,
  malformed_tool_use: MALFORMED,
};

/** A 200 whose body, tool input, usage or vector is not what the wire promises. */
export const MALFORMED_ANSWER: Failure = MALFORMED;
/** The configured time for the whole call is over. */
export const DEADLINE_PASSED: Failure = TIMED_OUT;
/** The caller withdrew the call before it was sent. */
export const WITHDRAWN_BEFORE: Failure = NOT_REACHED;
/** The caller withdrew the call while it was under way. */
export const WITHDRAWN_UNDER_WAY: Failure = TIMED_OUT;
/** The request does not belong to this provider: another region, or a model that it cannot speak to. */
export const NOT_OURS: Failure = REFUSED;
/** Nothing is known about it, so the worst is assumed. */
export const UNKNOWN_FAILURE: Failure = BROKEN_OFF;

/** Makes the error that leaves the provider. */
export function providerError(failure: Failure, retryAfterMs: number | null = null): ProviderError {
  return new ProviderError(failure.code, failure.kind, failure.mayBeBilled, retryAfterMs);
}

/** Failure for an ending without an answer; endings that are newer than the table count as refusals. */
export function stopFailure(stopReason: string): Failure {
  return lookUp(STOP_FAILURES, stopReason) ?? REFUSED_AFTER_READING;
}

/** Translates whatever the SDK threw. `now` is needed for a `Retry-After` that names a date. */
export function bedrockError(thrown: unknown, now: Date): ProviderError {
  return providerError(failureOf(thrown), retryAfterMs(thrown, now));
}

function failureOf(thrown: unknown): Failure {
  const name = textMember(thrown, 'name');
  const named = lookUp(MODELLED_FAILURES, name) ?? lookUp(COMMON_FAILURES, name);
  if (named !== undefined) return named;
  const status = numberMember(member(thrown, '$metadata'), 'httpStatusCode');
  const network = lookUp(NETWORK_FAILURES, textMember(thrown, 'code'));
  if (network !== undefined) {
    return status === undefined && textMember(thrown, 'syscall') === 'connect'
      ? { ...network, ...unsent(network) }
      : network;
  }
  if (name === 'TimeoutError') return isConnectionTimeout(thrown) ? NOT_REACHED : TIMED_OUT;
  if (status === undefined) return UNKNOWN_FAILURE;
  if (status < 300) return MALFORMED_ANSWER;
  return STATUS_FAILURES[status] ?? (status >= 500 ? UNKNOWN_FAILURE : REFUSED);
}

/** A connection that never came about carried no request. */
function unsent(failure: Failure): Pick<Failure, 'kind' | 'mayBeBilled'> {
  return failure.kind === 'fail' ? failure : { kind: 'retry', mayBeBilled: false };
}

/** The SDK's handler gives both of its timeouts one name and this one no code; a test holds the wording. */
function isConnectionTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('did not establish a connection');
}

/** RFC 9110, `Retry-After`: seconds or a date. Null when absent or unreadable; never negative. */
function retryAfterMs(thrown: unknown, now: Date): number | null {
  const header = textMember(member(member(thrown, '$response'), 'headers'), 'retry-after')?.trim();
  if (header === undefined || header === '') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = /^[A-Za-z]{3,9},? /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string | undefined): Value | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, key);
}

function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === 'string' ? found : undefined;
}

function numberMember(value: unknown, key: string): number | undefined {
  const found = member(value, key);
  return typeof found === 'number' ? found : undefined;
}
