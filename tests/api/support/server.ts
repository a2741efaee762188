import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type Connection } from '@temporalio/client';
import { z } from 'zod';
import { createApp } from '../../../api/app';
import { createAuthenticator } from '../../../api/caller';
import { resolveHost } from '../../../api/http/public-address';
import { createLogger } from '../../../api/log';
import { STREAM_BOUNDS, type StreamBounds } from '../../../api/stream-bounds';
import { RATE_LIMITS, type RateLimits } from '../../../api/http/rate-limit';
import { problemsOf } from '../../../api/openapi';
import { createWorkflows, lazyConnection } from '../../../api/workflows';
import { ENDPOINTS, type RouteName } from '../../../contract/wire/endpoints';
import { problem, type Problem } from '../../../contract/wire/problem';
import { ROUTES, type RouteAnswer, type RouteBody } from '../../../contract/wire/routes';
import type { TestDatabase } from '../../support/database';
import type { Person, World } from '../../support/world';

export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The real application on a loopback port, asked over real HTTP. Every answer is held against the route table. */
export interface TestApi {
  readonly url: string;
  /** Asks an address and expects it to go well. */
  ask<Name extends RouteName>(
    by: Person,
    name: Name,
    sent?: Sent & { readonly body?: RouteBody<Name> },
  ): Promise<Answer<RouteAnswer<Name>>>;
  /** Asks an address and expects a problem, one that its documentation lists. */
  refused(
    by: Person | undefined,
    name: RouteName,
    sent?: Sent & { readonly body?: unknown },
  ): Promise<Answer<Problem>>;
  /** Sends anything anywhere. */
  raw(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestApiParts {
  readonly database: TestDatabase;
  readonly world: Pick<World, 'registry'>;
  /** A Temporal that is there; without it every start and delivery finds nobody. */
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly taskQueue: string };
  readonly limits?: RateLimits;
  readonly streams?: StreamBounds;
}

// What the log may hold is a test of its own; elsewhere only faults are shown.
process.env.COUNTERSIGN_LOG_LEVEL ??= 'error';

/** Where no Temporal listens: the discard port. */
const NOWHERE = '127.0.0.1:9';

/** For the test file that calls it at its top level, after its database: the API from before its first test on. */
export function testApi(parts: () => TestApiParts | Promise<TestApiParts>): TestApi {
  let url = '';
  let server: Server | undefined;
  let connection: Connection | undefined;
  const draining = new AbortController();

  beforeAll(async () => {
    const { database, world, temporal, limits = RATE_LIMITS, streams = STREAM_BOUNDS } = await parts();
    connection = lazyConnection({ address: temporal?.address ?? NOWHERE });
    const client = new Client({ connection, namespace: temporal?.namespace ?? 'nowhere' });
    const api = {
      database: database.open('api'),
      authenticate: createAuthenticator(database.open('api')),
      registry: world.registry,
      workflows: createWorkflows(client, temporal?.taskQueue),
      webhooks: { allowLoopback: true, resolve: resolveHost },
      log: createLogger(),
    };
    server = createServer(createApp(api, { draining: draining.signal, limits, streams }));
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  }, 120_000);

  afterAll(async () => {
    draining.abort();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    await connection?.close();
  });

  const send = async (
    by: Person | undefined,
    name: RouteName,
    sent: Sent & { body?: unknown },
  ): Promise<Answer<unknown>> => {
    const { method } = ENDPOINTS[name];
    const response = await fetch(url + pathOf(name, sent), {
      method,
      headers: {
        ...(by === undefined ? {} : { authorization: `Bearer ${by.token}` }),
        ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

  return {
    get url() {
      return url;
    },
    async ask(by, name, sent = {}) {
      const answer = await send(by, name, sent);
      return { ...answer, body: heldAgainst(name, answer) as RouteAnswer<typeof name> };
    },
    async refused(by, name, sent = {}) {
      const answer = await send(by, name, sent);
      return { ...answer, body: documentedProblem(name, answer) };
    },
    raw: async (path, init) => await fetch(url + path, init),
  };
}

export function pathOf(name: RouteName, { params = {}, query = {} }: Sent): string {
  const path = ENDPOINTS[name].path.replaceAll(/\{([a-z_]+)\}/g, (_all, key: string) => {
    const value = params[key];
    if (value === undefined) throw new Error(`${name} needs the parameter ${key}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function routeOf(name: RouteName) {
  const route = ROUTES.find((one) => one.name === name);
  if (route === undefined) throw new Error(`no route ${name}`);
  return route;
}

/** The answer, if it is exactly what the table says: no member more, so that nothing slips out unseen. */
function heldAgainst(name: RouteName, answer: Answer<unknown>): unknown {
  const expected = routeOf(name).answers[answer.status];
  if (expected === undefined) {
    throw new Error(`${name} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  if (!(expected instanceof z.ZodType)) return undefined;
  const parsed: unknown = expected.parse(answer.body);
  expect(answer.body).toEqual(parsed);
  return parsed;
}

function documentedProblem(name: RouteName, answer: Answer<unknown>): Problem {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const parsed = problem.parse(answer.body);
  expect(parsed.status).toBe(answer.status);
  const documented = problemsOf(routeOf(name)).get(answer.status) ?? [];
  expect(documented).toContain(parsed.code);
  return parsed;
}
