import type { Request, Response } from 'express';
import { ERRORS } from '../contract/errors';
import { problemBody, toProblem } from './problem';

/** `/v1/runs/{id}` as Express writes it. */
export function expressPath(path: string): string {
  return path.replaceAll(/\{([a-z_]+)\}/g, ':$1');
}

/** Answers with the problem of an error; a stream that has begun is cut. */
export function sendProblem(_request: Request, response: Response, error: unknown): void {
  const problem = toProblem(error);
  response.locals.code = problem.code;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status } = ERRORS[problem.code];
  if (problem.extras.retryAfterSeconds !== undefined) {
    response.setHeader('Retry-After', String(problem.extras.retryAfterSeconds));
  }
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="countersign"');
  // A body that was not read would be taken for the next request.
  if (status === 413 || status === 415) response.setHeader('Connection', 'close');
  response.setHeader('Cache-Control', 'no-store');
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem.code, problem.extras)));
}
