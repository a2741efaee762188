import { ENDPOINTS, type Endpoint, type RouteName } from '../contract/wire/endpoints';
import { CountersignError, errorOf } from './error';

export interface ClientOptions {
  /** Where the API is, e.g. `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** A key (`cs_…`) of a member; without one, only public addresses answer. */
  readonly key?: string;
  /** How often a request is sent again that failed in passing; 4 by default. */
  readonly retriesMax?: number;
  /** How long one attempt may take; 45 s by default, since an answer may be waited for 30 s. */
  readonly attemptMsMax?: number;
}

export interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Transport {
  /** Sends a request, again where that is safe, and returns the answer's JSON. @throws CountersignError */
  send<Answer>(name: RouteName, call?: Call): Promise<Answer>;
  /** Opens a stream; it is the caller's to go on with after it ends. @throws CountersignError */
  open(name: RouteName, call?: Call): Promise<Response>;
}

const RETRIES_MAX = 4;
const ATTEMPT_MS_MAX = 45_000;
const BACKOFF_MS = 200;
const PAUSE_MS_MAX = 30_000;

/** Speaks HTTP with the API: addresses from the contract, retries with backoff, problems as typed errors. */
export function createTransport(options: ClientOptions): Transport {
  const { baseUrl, key, retriesMax = RETRIES_MAX, attemptMsMax = ATTEMPT_MS_MAX } = options;

  async function attempt(endpoint: Endpoint, call: Call, signal: AbortSignal | undefined): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...call.headers };
    if (key !== undefined) headers.Authorization = `Bearer ${key}`;
    const request: RequestInit = { method: endpoint.method, headers };
    if (call.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.body = JSON.stringify(call.body);
    }
    if (signal !== undefined) request.signal = signal;
    try {
      return await fetch(addressOf(baseUrl, endpoint.path, call), request);
    } catch (error) {
      if (call.signal?.aborted === true) throw error;
      throw new CountersignError('unreachable', 0, true, `No answer from ${baseUrl}.`, undefined, {
        cause: error,
      });
    }
  }

  return {
    async send<Answer>(name: RouteName, call: Call = {}) {
      const endpoint: Endpoint = ENDPOINTS[name];
      for (let failures = 0; ; failures += 1) {
        try {
          const overdue = AbortSignal.timeout(attemptMsMax);
          const signal = call.signal === undefined ? overdue : AbortSignal.any([call.signal, overdue]);
          const response = await attempt(endpoint, call, signal);
          const body: unknown = await bodyOf(response);
          if (response.ok) return body as Answer;
          throw Object.assign(errorOf(response.status, body), {
            retryAfter: response.headers.get('retry-after'),
          });
        } catch (error) {
          if (failures >= retriesMax || !mayRepeat(endpoint, call, error)) throw error;
          await pause(retryAfterMs(error) ?? BACKOFF_MS * 2 ** failures * (0.5 + Math.random()), call.signal);
        }
      }
    },
    async open(name, call = {}) {
      const response = await attempt(ENDPOINTS[name], call, call.signal);
      if (response.ok) return response;
      throw errorOf(response.status, await bodyOf(response));
    },
  };
}

/**
 * What was refused for its rate was not begun, so anything may be sent again. What got no answer, or an answer that the
 * server can't serve now, may have been begun: only what is the same act when it is repeated.
 */
function mayRepeat(endpoint: Endpoint, call: Call, error: unknown): boolean {
  if (!(error instanceof CountersignError) || call.signal?.aborted === true) return false;
  if (error.status === 429) return true;
  if (error.status !== 503 && error.status !== 0) return false;
  return endpoint.method === 'GET' || endpoint.method === 'PUT' || endpoint.idempotencyKey === true;
}

function addressOf(baseUrl: string, path: string, call: Call): URL {
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) =>
    encodeURIComponent(call.path?.[name] ?? ''),
  );
  const url = new URL(filled, baseUrl);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, or metrics: whoever asked gets the text as it is.
    return text;
  }
}

function retryAfterMs(error: unknown): number | undefined {
  const value = (error as { retryAfter?: string | null }).retryAfter ?? '';
  const seconds = /^[0-9]{1,5}$/.test(value) ? Number(value) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds * 1_000, PAUSE_MS_MAX);
}

/** Waits; an abort ends the wait with the signal's reason. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, ms);
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
