import { pino } from 'pino';

export type Logger = ReturnType<typeof createLogger>;

/** A log of codes, ids and times on stderr. Nothing else is ever given to it, so there is nothing to redact. */
export function createLogger() {
  return pino(
    { level: process.env.COUNTERSIGN_LOG_LEVEL ?? 'info', base: { part: 'worker' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
