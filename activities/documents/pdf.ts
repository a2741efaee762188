import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../../contract/errors';

/** The text of each page, or why there is none. */
export type PdfAnswer = { readonly pages: readonly string[] } | { readonly code: ErrorCode };

export interface PdfLimits {
  readonly ms: number;
  /** Of the thread's heap. What lies outside of it, as decompressed streams do, is seen by how the process grows. */
  readonly heapMegabytes: number;
  readonly growthMegabytes: number;
}

export const PDF_LIMITS: PdfLimits = { ms: 20_000, heapMegabytes: 256, growthMegabytes: 512 };

const LOOK_EVERY_MS = 50;
const MEGABYTE = 1024 * 1024;

/**
 * Reads the text layer of a PDF in a thread of its own, which is ended when it takes too long or too much memory: a file
 * of a few kilobytes can ask for both without an end.
 */
export async function readPdf(bytes: Uint8Array, limits: PdfLimits = PDF_LIMITS): Promise<PdfAnswer> {
  const thread = new Worker(threadFile(), {
    workerData: bytes,
    // Neither settings nor streams of the worker's reach it.
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
  });
  const before = process.memoryUsage.rss();
  const isTooLarge = (): boolean => process.memoryUsage.rss() - before > limits.growthMegabytes * MEGABYTE;
  let timers: NodeJS.Timeout[] = [];
  try {
    return await new Promise<PdfAnswer>((resolve) => {
      const tooComplex = (): void => resolve({ code: 'document_too_complex' });
      timers = [
        setTimeout(tooComplex, limits.ms),
        setInterval(() => (isTooLarge() ? tooComplex() : undefined), LOOK_EVERY_MS),
      ];
      thread.once('message', resolve);
      thread.once('error', (error: Error & { code?: string }) =>
        resolve({
          code: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'document_too_complex' : 'document_unreadable',
        }),
      );
      thread.once('exit', () => resolve({ code: 'document_unreadable' }));
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    await thread.terminate();
  }
}

/** Threads run the build, also when this module runs from its source in a test. */
function threadFile(): string {
  const beside = join(__dirname, 'pdf-thread.js');
  return existsSync(beside)
    ? beside
    : join(__dirname, '..', '..', 'dist', 'activities', 'documents', 'pdf-thread.js');
}
