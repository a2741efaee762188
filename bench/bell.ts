import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/*
 * How workers tell the bench that a step has ended, at the same cost for the governed run and for the floor: one datagram
 * on loopback with the id of the run. Losing one would show as a run that never got to its gate.
 */

export const BELL_VARIABLE = 'COUNTERSIGN_BENCH_BELL';

/** Rings for runs, from within a worker. */
export function createBell(port: number): (runId: string) => void {
  const socket = createSocket('udp4');
  socket.unref();
  return (runId) => socket.send(runId, port, '127.0.0.1');
}

/** Listens for rings, within the bench. */
export class Listener {
  readonly #rung = new Set<string>();
  readonly #waiting = new Map<string, () => void>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (message) => {
      const runId = message.toString();
      this.#rung.add(runId);
      this.#waiting.get(runId)?.();
    });
  }

  static async open(): Promise<Listener> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Listener(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** Resolves once the run has rung. @throws Error when it has not within half a minute */
  async heard(runId: string): Promise<void> {
    if (!this.#rung.has(runId)) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`run ${runId} never got to its gate`)), 30_000);
        this.#waiting.set(runId, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.delete(runId);
    }
    this.#rung.delete(runId);
  }

  close(): void {
    this.socket.close();
  }
}
