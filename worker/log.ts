import { pino } from 'pino';
import { logLevel } from '../environment/setting';

export type Logger = ReturnType<typeof createLogger>;

/** A log of codes, ids and times on stderr. Nothing else is ever given to it, so there is nothing to redact. */
export function createLogger() {
  return pino({ level: logLevel(), base: { part: 'worker' } }, pino.destination({ dest: 2, sync: true }));
}
