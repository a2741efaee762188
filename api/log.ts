import { pino } from 'pino';
import { logLevel } from '../environment/setting';

export type Logger = ReturnType<typeof createLogger>;

/**
 * A log of codes, ids, methods, route templates and times on stderr. Never a body, a header, a query or an error's own
 * message: nothing of a request's content is given to it, so there is nothing to redact.
 */
export function createLogger() {
  return pino({ level: logLevel(), base: { part: 'api' } }, pino.destination({ dest: 2, sync: true }));
}
