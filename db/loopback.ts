import { Client } from 'pg';

/** What a process of the profile `local` would reach, and be reached at. */
export interface Reach {
  readonly databaseUrl: string;
  /** Where it listens, when it does. */
  readonly listener?: string;
}

/**
 * Refuses to run where others could reach a system whose keys are printed on a screen. Worker and API ask this at their
 * start under the profile `local`.
 *
 * @throws Error when the listener or the database is not on this machine
 */
export function requireLoopback({ databaseUrl, listener }: Reach): void {
  if (listener !== undefined && !isLoopback(listener))
    throw new Error('The profile "local" listens on loopback only: set COUNTERSIGN_PROFILE.');
  if (!isLoopback(databaseHost(databaseUrl)))
    throw new Error('The profile "local" uses a database on this machine only: set COUNTERSIGN_PROFILE.');
}

/** A socket's folder counts as this machine. */
function isLoopback(host: string): boolean {
  return /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1|\[::1\]|\/.*)$/.test(host);
}

/** Asks the client that will connect, so that a URL is never read in two ways; nothing is opened by that. */
function databaseHost(databaseUrl: string): string {
  return new Client({ connectionString: databaseUrl }).host;
}
