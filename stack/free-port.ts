import { createServer } from 'node:net';

/** Whether nothing listens on a loopback port, tried by listening on it for a moment. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

/** A loopback port that nothing listens on. Another process may take it before it is used. */
export async function anyFreePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new Error('No free loopback port was found.');
  return port;
}

/** The first free loopback port from `wanted` on, leaving out `taken`. */
export async function freePortFrom(wanted: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 100, 65_536); port += 1) {
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  return await anyFreePort();
}

async function tryListen(port: number): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
