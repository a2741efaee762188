import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_NAME } from '../../../stack/pglite/socket-folder';

export type Outage = 'cut' | 'blocked';

/** A way to a database that can be broken for those who go through it, and for nobody else. */
export interface BreakableLink {
  /** The connection string with which a client goes through here. */
  through(url: string): string;
  /**
   * `cut`: connections break, and nobody listens any more, as when the server is down. `blocked`: connections stay, and
   * new ones are taken, but not a byte comes through, as when the server hangs or the network swallows everything.
   */
  break(outage: Outage): void;
  restore(): Promise<void>;
  close(): void;
}

/** @param url a connection string of the database over its socket */
export async function breakableLink(url: string): Promise<BreakableLink> {
  const target = socketPath(url);
  const folder = mkdtempSync(join(tmpdir(), 'cs-link-'));
  const sockets = new Set<Socket>();
  let isBlocked = false;
  let server: Server | undefined;

  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => to.write(chunk));
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isBlocked) from.pause();
  };
  const open = async (): Promise<void> => {
    const opened = createServer((near) => {
      const far = connect(target);
      pass(near, far);
      pass(far, near);
    });
    await new Promise<void>((resolve) => opened.listen(join(folder, SOCKET_NAME), resolve));
    server = opened;
  };
  const cut = (): void => {
    server?.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
  };
  await open();
  return {
    through(given) {
      const [start, query] = given.split('?');
      const changed = new URLSearchParams(query);
      changed.set('host', folder);
      changed.delete('port');
      return `${start}?${changed.toString()}`;
    },
    break(outage) {
      if (outage === 'cut') {
        cut();
        return;
      }
      isBlocked = true;
      for (const socket of sockets) socket.pause();
    },
    async restore() {
      isBlocked = false;
      for (const socket of sockets) socket.resume();
      if (server === undefined) await open();
    },
    close() {
      cut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A connection string of a socket names no host, so it is no URL to Node. */
function socketPath(url: string): string {
  const query = new URLSearchParams(url.split('?')[1]);
  return join(query.get('host') ?? '', `.s.PGSQL.${query.get('port') ?? '5432'}`);
}
