/**
 * Refuses to run where others could reach a system whose keys are printed on a screen.
 * @throws Error when the listener or the database is not on this machine
 */
export function requireLoopback(host: string, databaseUrl: string): void {
  if (!isLoopback(host))
    throw new Error('The profile "local" listens on loopback only: set COUNTERSIGN_PROFILE.');
  if (!isLoopback(databaseHost(databaseUrl))) {
    throw new Error('The profile "local" uses a database on this machine only: set COUNTERSIGN_PROFILE.');
  }
}

/** A socket's folder counts as this machine. */
function isLoopback(host: string): boolean {
  return /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1|\[::1\]|\/.*)$/.test(host);
}

/** `postgres://…?host=/folder` is a socket; a URL without host is one too. */
function databaseHost(databaseUrl: string): string {
  // A URL may not name a user without a host; connection strings of sockets do.
  const url = new URL(databaseUrl.replace('@/', '@localhost/'));
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return host === '' ? '/' : host;
}
