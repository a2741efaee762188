import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { ROUTES, type Route } from '../contract/wire/routes';
import type { Api } from './context';
import { createRateLimiter, RATE_LIMITS, type RateLimits } from './http/rate-limit';
import { createMetrics, type Metrics } from './metrics';
import { ApiProblem } from './problem';
import { expressPath, sendProblem } from './respond';
import { rawHandlers } from './raw';
import { serveRoute } from './serve-route';
import { STREAM_BOUNDS, type StreamBounds } from './stream-bounds';

export interface AppOptions {
  readonly limits?: RateLimits;
  /** Ends streams and waits when the process drains. */
  readonly draining: AbortSignal;
  readonly streams?: StreamBounds;
}

/** The API as an Express application: every address of the route table, and problems for everything else. */
export function createApp(
  api: Api,
  { limits = RATE_LIMITS, draining, streams = STREAM_BOUNDS }: AppOptions,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');
  const metrics = createMetrics();
  app.use(observe(api, metrics));
  app.use(helmet({ contentSecurityPolicy: { directives: CONTENT_SECURITY } }));
  const serving = { api, limiter: createRateLimiter(limits), draining, streams };
  const raw = rawHandlers(serving, metrics);
  for (const [path, routes] of byPath()) {
    for (const route of routes) {
      const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
      app[method](expressPath(path), serveRoute(serving, route, raw));
    }
    app.all(expressPath(path), (request, response) => {
      markRoute(response, path);
      response.setHeader('Allow', routes.map(({ method }) => method).join(', '));
      sendProblem(request, response, new ApiProblem('method_not_allowed'));
    });
  }
  app.use((request: Request, response: Response) =>
    sendProblem(request, response, new ApiProblem('not_found')),
  );
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    // What comes here is a malformed address; handlers answer for their own errors.
    sendProblem(request, response, new ApiProblem('not_found'));
  });
  return app;
}

/** Nothing may be loaded or run; the docs page has its style inline and needs no script. */
const CONTENT_SECURITY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'unsafe-inline'"],
  imgSrc: ['data:'],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

function byPath(): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of ROUTES) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Remembers the route's template, under which a request is counted and logged: its address may hold an id. */
export function markRoute(response: Response, path: string): void {
  response.locals.route = path;
}

function observe(api: Api, metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const began = performance.now();
    response.on('close', () => {
      const route = typeof response.locals.route === 'string' ? response.locals.route : 'unknown';
      const ms = performance.now() - began;
      metrics.count({ route, method: request.method, status: response.statusCode }, ms);
      const code: unknown = response.locals.code;
      const entry = { route, method: request.method, status: response.statusCode, ms: Math.round(ms), code };
      if (response.statusCode >= 500) api.log.error(entry, 'request');
      else api.log.debug(entry, 'request');
    });
    next();
  };
}
