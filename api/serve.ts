import { createServer, type Server } from 'node:http';
import { createApp } from './app';
import { composeApi } from './compose';

const DRAIN_MS_MAX = 10_000;
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 60_000;

/**
 * Runs the API until SIGTERM or SIGINT. Says {"ready":true,…} on stdout when it serves. Draining, it takes no new
 * connection, ends streams and waits, lets running requests answer for ten seconds, and then closes what it stood on.
 */
export async function serve(): Promise<void> {
  const { api, limits, host, port, close } = composeApi();
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
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, url: urlOf(server, host) })}\n`);
  await ended;
  await close();
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
