import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { PARAMETERS, type Route } from '../contract/wire/routes';
import type { Caller } from './caller';
import type { Api, Asked, Handler } from './context';
import { HANDLERS, type RawRouteName } from './handlers/table';
import { readBody } from './http/body';
import { expectedVersion } from './http/etag';
import { waitSeconds } from './http/prefer';
import type { RateLimiter } from './http/rate-limit';
import { validate } from './http/validate';
import { ApiProblem } from './problem';
import { sendProblem } from './respond';
import type { StreamBounds } from './stream-bounds';

export interface Serving {
  readonly api: Api;
  readonly limiter: RateLimiter;
  /** Aborts when the process drains. */
  readonly draining: AbortSignal;
  readonly streams: StreamBounds;
}

export type RawHandler = (asked: {
  readonly request: Request;
  readonly response: Response;
  /** Undefined at public addresses. */
  readonly caller: Caller | undefined;
  readonly query: unknown;
  readonly signal: AbortSignal;
}) => Promise<void>;

/**
 * One address: who asks, how often, whether they may, whether the request fits, and only then the handler. The order
 * matters: nobody learns of a body's faults, or of a row's existence, without a key that may ask.
 */
export function serveRoute(
  serving: Serving,
  route: Route,
  raw: Readonly<Record<RawRouteName, RawHandler>>,
): RequestHandler {
  return (request, response) => {
    response.locals.route = route.path;
    serve(serving, route, raw, request, response).catch((error: unknown) =>
      sendProblem(request, response, error),
    );
  };
}

async function serve(
  serving: Serving,
  route: Route,
  raw: Readonly<Record<RawRouteName, RawHandler>>,
  request: Request,
  response: Response,
): Promise<void> {
  const caller =
    route.roles === 'public' ? undefined : await allowedCaller(serving, route, request, response);
  const query = validate(route.query ?? z.strictObject({}), { ...request.query }, '?');
  const left = new AbortController();
  response.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, serving.draining]);
  if (isRaw(route.name)) {
    await raw[route.name]({ request, response, caller, query, signal });
    return;
  }
  if (caller === undefined) throw new ApiProblem('internal');
  const params = readParams(route, request);
  const headers = readHeaders(route, request);
  const body = await readBody(route, request, response);
  // The table pairs every name with its own handler; TypeScript can't follow that through a name that varies.
  const handler = HANDLERS[route.name] as Handler<typeof route.name>;
  const asked = { caller, params, query, body, ...headers, signal } as Asked<typeof route.name>;
  const answered = await handler(serving.api, asked);
  send(response, answered);
}

function isRaw(name: Route['name']): name is RawRouteName {
  return !Object.hasOwn(HANDLERS, name);
}

/** Who asks. @throws ApiProblem when the key is nobody's, asks too often, or may not ask this */
async function allowedCaller(
  { api, limiter }: Serving,
  route: Route,
  request: Request,
  response: Response,
): Promise<Caller> {
  const address = request.socket.remoteAddress ?? '';
  await limiter.refuseGuessers(address);
  const caller = await api.authenticate(request.headers.authorization);
  if (caller === undefined) {
    await limiter.failure(address);
    throw new ApiProblem('not_authenticated');
  }
  await limiter.request(caller.keyId, response);
  if (route.roles !== 'public' && !caller.roles.some((role) => route.roles.includes(role))) {
    throw new ApiProblem('not_allowed');
  }
  return caller;
}

/** Path parameters. One that can't name anything names nothing. */
function readParams(route: Route, request: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name = ''] of route.path.matchAll(/\{([a-z_]+)\}/g)) {
    const schema: z.ZodType<string> = PARAMETERS[name as keyof typeof PARAMETERS];
    const parsed = schema.safeParse(request.params[name]);
    if (!parsed.success) throw new ApiProblem('not_found');
    params[name] = parsed.data;
  }
  return params;
}

type Headers = Pick<Asked<'runs.create'>, 'idempotencyKey' | 'expectedVersion' | 'waitSeconds'>;

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

function readHeaders(route: Route, request: Request): Headers {
  const key = request.get('idempotency-key') ?? '';
  if (route.idempotencyKey === true && !IDEMPOTENCY_KEY.test(key))
    throw new ApiProblem('idempotency_key_missing');
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  return {
    idempotencyKey: key,
    expectedVersion: route.ifMatch === true ? expectedVersion(ifMatch, ifNoneMatch) : 0,
    waitSeconds: waitSeconds(request.get('prefer')),
  };
}

interface Sent {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(response: Response, answered: Sent): void {
  response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(answered.headers ?? {})) response.setHeader(name, value);
  response.status(answered.status);
  if (answered.body === undefined) response.end();
  else response.json(answered.body);
}
