import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that reached a sink. */
export interface Received {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answering = (response: ServerResponse, received: Received, request: IncomingMessage) => void;

export interface Sink {
  readonly url: string;
  readonly received: Received[];
  /** How it answers from now on; 204 at first. */
  answer: Answering;
  stop(): Promise<void>;
  /** Listens again where it listened. */
  start(): Promise<void>;
}

/** A webhook's listener on loopback: a real HTTP server that keeps what it gets. */
export async function startSink(): Promise<Sink> {
  let server: Server | undefined;
  let port = 0;
  const sink: Sink = {
    get url() {
      return `http://127.0.0.1:${port}/hook`;
    },
    received: [],
    answer: (response) => response.writeHead(204).end(),
    async stop() {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      stopping.closeAllConnections();
      await new Promise((resolve) => stopping.close(resolve));
    },
    async start() {
      const starting = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
          );
          const received = { at: performance.now(), headers, body: Buffer.concat(chunks).toString('utf8') };
          sink.received.push(received);
          sink.answer(response, received, request);
        });
      });
      await new Promise<void>((resolve, reject) => {
        starting.once('error', reject);
        starting.listen(port, '127.0.0.1', resolve);
      });
      port = (starting.address() as AddressInfo).port;
      server = starting;
    },
  };
  await sink.start();
  return sink;
}

export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  (response) =>
    response.writeHead(status, headers).end('This is ignored.');
