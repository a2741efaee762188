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
import type { ProviderError } from '../../../contract/model';
import {
  BROKEN_OFF,
  CUT_SHORT,
  lookUp,
  MALFORMED,
  MALFORMED_ANSWER,
  member,
  networkFailure,
  NOT_REACHED,
  providerError,
  REFUSED,
  REFUSED_AFTER_READING,
  retryAfterMs,
  textMember,
  THROTTLED,
  TIMED_OUT,
  UNAVAILABLE,
  UNKNOWN_FAILURE,
  type Failure,
} from './failure';

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

/** Failure for an ending without an answer; endings that are newer than the table count as refusals. */
export function stopFailure(stopReason: string): Failure {
  return lookUp(STOP_FAILURES, stopReason) ?? REFUSED_AFTER_READING;
}

/** Translates whatever the SDK threw. `now` is needed for a `Retry-After` that names a date. */
export function bedrockError(thrown: unknown, now: Date): ProviderError {
  const headers = member(member(thrown, '$response'), 'headers');
  return providerError(failureOf(thrown), retryAfterMs(textMember(headers, 'retry-after'), now));
}

function failureOf(thrown: unknown): Failure {
  const name = textMember(thrown, 'name');
  const named = lookUp(MODELLED_FAILURES, name) ?? lookUp(COMMON_FAILURES, name);
  if (named !== undefined) return named;
  const status = statusOf(thrown);
  const network = networkFailure(thrown);
  if (network !== undefined) return network;
  if (name === 'TimeoutError') return isConnectionTimeout(thrown) ? NOT_REACHED : TIMED_OUT;
  if (status === undefined) return UNKNOWN_FAILURE;
  if (status < 300) return MALFORMED_ANSWER;
  return STATUS_FAILURES[status] ?? (status >= 500 ? UNKNOWN_FAILURE : REFUSED);
}

/** The SDK's handler gives both of its timeouts one name and this one no code; a test holds the wording. */
function isConnectionTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('did not establish a connection');
}

function statusOf(thrown: unknown): number | undefined {
  const status = member(member(thrown, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}
