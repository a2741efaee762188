import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ErrorCode } from '../../contract/errors';
import { isAllowedAddress, isAllowedUrl, isLocalHost, hostOf } from '../../contract/policy/web-address';
import type { WebAddressRules } from '../../contract/policy/web-address';

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of one POST. Nothing of what was answered is kept but its status and when it wants to be asked again. */
export interface WebhookAnswer {
  /** Null: a 2xx. */
  readonly code: ErrorCode | null;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
}

/** Sends one message. It never throws: whatever happens is an answer. */
export type PostWebhook = (post: WebhookPost) => Promise<WebhookAnswer>;

export interface PostWebhookOptions extends WebAddressRules {
  /** Until the headers of an answer are there. */
  readonly timeoutMs?: number;
  /** How names are looked up; the system's own by default. */
  readonly lookup?: (
    hostname: string,
    options: { readonly all: true },
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
}

const TIMEOUT_MS = 15_000;
const HEADER_BYTES_MAX = 16_384;
const RETRY_AFTER_SECONDS_MAX = 86_400;

class AddressRefused extends Error {}

/**
 * A sender for addresses that tenants name. Each message takes a connection of its own, to an address that was looked up for it
 * and checked: nobody can name another one between the look and the connection. No redirect is followed, and no body read.
 */
export function createPostWebhook(options: PostWebhookOptions): PostWebhook {
  const { allowLoopback, timeoutMs = TIMEOUT_MS, lookup = resolve } = options;
  return async ({ url: text, headers, body }) => {
    if (!isAllowedUrl(text, { allowLoopback })) return failed('webhook_address_refused');
    const url = new URL(text);
    const rules = { allowLoopback: allowLoopback && isLocalHost(hostOf(url)) };
    try {
      const response = await send(url, body, {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        maxHeaderSize: HEADER_BYTES_MAX,
        lookup: checked(lookup, rules),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = answerOf(response);
      response.destroy();
      return answer;
    } catch (error) {
      return failed(codeOf(error));
    }
  };
}

async function send(url: URL, body: string, options: RequestOptions): Promise<IncomingMessage> {
  return await new Promise((resolvePromise, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    request.on('response', (response) => {
      // What breaks while nobody reads is no news any more.
      response.on('error', () => undefined);
      resolvePromise(response);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Looks a name up and answers only when each of its addresses may be connected to: one that may not says enough of the name. */
function checked(lookup: NonNullable<PostWebhookOptions['lookup']>, rules: WebAddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new Error('no address'), '', 4);
      } else if (!addresses.every(({ address }) => isAllowedAddress(address, rules))) {
        callback(new AddressRefused('refused'), '', 4);
      } else if (options.all === true) {
        callback(null, addresses);
      } else callback(null, first.address, first.family);
    });
  };
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): WebhookAnswer {
  return {
    code: codeOfStatus(statusCode),
    status: statusCode,
    retryAfterSeconds: secondsOf(headers['retry-after']),
  };
}

function codeOfStatus(status: number): ErrorCode | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return 'sink_redirected';
  return status === 410 ? 'sink_gone' : 'sink_status';
}

/** Seconds, or a date, of `Retry-After`; what makes no sense asks for nothing. */
function secondsOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000;
  return seconds > 0 ? Math.min(Math.ceil(seconds), RETRY_AFTER_SECONDS_MAX) : null;
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof AddressRefused) return 'webhook_address_refused';
  // All addresses of a name were tried, and each failed in its own way.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const isTimeout = error instanceof Error && /^(AbortError|TimeoutError)$/.test(error.name);
  return isTimeout ? 'sink_timeout' : 'sink_unreachable';
}

function failed(code: ErrorCode): WebhookAnswer {
  return { code, status: null, retryAfterSeconds: null };
}
