import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const readyLineSchema = z.looseObject({ ready: z.literal(true) });

export type ReadyLine = z.infer<typeof readyLineSchema>;

/** Finds the line `{"ready":true,…}` in what a process has written to its stdout so far. */
export function findReadyLine(output: string): ReadyLine | undefined {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue;
    try {
      const parsed = readyLineSchema.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
    } catch {
      // A line that is still being written, or no JSON, is not the one we wait for.
    }
  }
  return undefined;
}

/**
 * Waits for the line `{"ready":true,…}` of a child with piped output.
 *
 * @throws Error with what the child said on stderr when it ends before, or is not ready `withinMs` later (it is killed)
 */
export async function readyLine(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  withinMs: number,
): Promise<ReadyLine> {
  let output = '';
  let errors = '';
  return await new Promise<ReadyLine>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Process ${child.pid ?? 0} was not ready within ${withinMs} ms. ${errors}`));
    }, withinMs);
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-64_000);
      const line = findReadyLine(output);
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(errors.trim() || `The process ended before it was ready (${signal ?? code}).`));
    });
  });
}
