import { setTimeout as sleep } from 'node:timers/promises';
import { writeSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
import { Client } from 'pg';
import { z } from 'zod';
import { analyzeChanged, type Ask } from './analyze';

/*
 * PGlite can wedge while its process lives (a body nested too deep, a client stopped inside a transaction), and a
 * busy query blocks its event loop. So the probe is a thread of its own: it asks a real question through the socket,
 * and ends the whole process when three questions in a row got no answer. The supervisor starts it again; no
 * acknowledged commit is lost by that. What it asks once in a while is to analyse the tables that have changed.
 */

export const probeSettingsSchema = z.object({
  socketFolder: z.string(),
  /** Pause between two questions. */
  intervalMs: z.number().int().positive(),
  /** How long one question may take; three such misses in a row mean that the server is wedged. */
  timeoutMs: z.number().int().positive(),
  /** Pause between two looks for tables to analyse. */
  analyzeIntervalMs: z.number().int().positive(),
});

export type ProbeSettings = z.infer<typeof probeSettingsSchema>;

const MISSES_MAX = 3;

async function probe(settings: ProbeSettings): Promise<never> {
  let client: Client | undefined;
  let misses = 0;
  let analyzedMs = performance.now();
  for (;;) {
    try {
      client ??= await connect(settings);
      const ask = asking(client, settings.timeoutMs);
      await ask('SELECT 1');
      misses = 0;
      if (performance.now() - analyzedMs >= settings.analyzeIntervalMs) {
        await analyzeChanged(ask);
        analyzedMs = performance.now();
      }
    } catch (error) {
      client?.end().catch(() => undefined);
      client = undefined;
      misses += 1;
      if (misses >= MISSES_MAX) endProcess(error);
    }
    await sleep(settings.intervalMs);
  }
}

async function connect(settings: ProbeSettings): Promise<Client> {
  const client = new Client({
    host: settings.socketFolder,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: settings.timeoutMs,
  });
  // A connection that breaks between two questions shows at the next one.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function asking(client: Client, timeoutMs: number): Ask {
  return async <Row extends object>(text: string) =>
    (await Promise.race([client.query<Row>(text), missAfter(timeoutMs)])).rows;
}

async function missAfter(timeoutMs: number): Promise<never> {
  await sleep(timeoutMs, undefined, { ref: false });
  throw new Error(`no answer within ${timeoutMs} ms`);
}

function endProcess(error: unknown): never {
  const reason = error instanceof Error ? error.message : 'unknown';
  writeSync(
    2,
    `PGlite did not answer its own probe ${MISSES_MAX} times (${reason}); ending so that it restarts.\n`,
  );
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

if (!isMainThread) void probe(probeSettingsSchema.parse(workerData));
