import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { whenSchemaIsCurrent } from '../db/schema-state';
import { createApp } from './app';
import { composeApi } from './compose';
import type { Api } from './context';

const LOOK_MS = 250;
const DRAIN_MS_MAX = 10_000;
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;

/** How long the start waits for a Temporal that is away, without which the API serves all the same. */
const TEMPORAL_MS_MAX = 5_000;

/**
 * Runs the API until SIGTERM or SIGINT. It listens at once, and says {"ready":true,…} on stdout when it can serve: when the
 * database answers with the schema of this version, and Temporal answers or has been waited for. Draining, it takes no new
 * connection, ends streams and waits, lets running requests answer for ten seconds, and then closes what it stood on.
 */
export async function serve(): Promise<void> {
  const { api, limits, host, port, databaseSeconds, close } = composeApi();
  const draining = new AbortController();
  const server = createServer(createApp(api, { limits, draining: draining.signal }));
  server.headersTimeout = HEADERS_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  await listen(server, port, host);
  const ended = new Promise<void>((resolve) => server.once('close', resolve));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (draining.signal.aborted) return;
      draining.abort();
      server.close();
      // A connection that has got its answer would be kept for the next request.
      setInterval(() => server.closeIdleConnections(), 100).unref();
      setTimeout(() => server.closeAllConnections(), DRAIN_MS_MAX).unref();
    });
  }
  try {
    if (await whenSchemaIsCurrent(api.database, databaseSeconds, draining.signal)) {
      const temporal = (await isTemporalThere(api, draining.signal)) ? 'ok' : 'unavailable';
      const line = { ready: true, pid: process.pid, url: urlOf(server, host), temporal };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
    await ended;
  } finally {
    await close();
  }
}

/** What is accepted while Temporal is away is started when it is back. */
async function isTemporalThere({ workflows }: Api, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + TEMPORAL_MS_MAX;
  while (!signal.aborted && performance.now() < deadline) {
    if (await workflows.isReachable()) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
