import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/**
 * One process, told apart from a later one that got the same number. `startedAt` is opaque: equal strings mean the
 * same process. It comes from /proc where there is one (boot id and clock ticks since boot), else from `ps`.
 */
export const processIdentitySchema = z.object({ pid: z.int().positive(), startedAt: z.string().min(1) });

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The start of a running process, or undefined when there is none with that number (a zombie counts as none). */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

/** The identity of a running process, or undefined when it is gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = processStart(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs, and not a stranger under its number. */
export function isRunning(identity: ProcessIdentity): boolean {
  return processStart(identity.pid) === identity.startedAt;
}

/** Waits until the process is gone. Resolves with false when it still runs after `withinMs`. */
export async function waitForEnd(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isRunning(identity)) {
    if (performance.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Sends a signal to the process group that `identity` leads, and to nothing else: a process that is gone, or whose
 * number now belongs to another, is left alone. Returns whether the signal was sent.
 */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(-identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks a process group to end, and kills it when it has not ended `withinMs` later.
 * Returns `gone` when nothing ran, `ended` when it obeyed and `killed` when it had to be killed.
 */
export async function endGroup(
  identity: ProcessIdentity,
  withinMs: number,
): Promise<'gone' | 'ended' | 'killed'> {
  if (!signalGroup(identity, 'SIGTERM')) return 'gone';
  if (await waitForEnd(identity, withinMs)) return 'ended';
  signalGroup(identity, 'SIGKILL');
  await waitForEnd(identity, 10_000);
  return 'killed';
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in parentheses and may hold spaces, so fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTicks = fields[19];
    if (startTicks === undefined || state === 'Z' || state === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${startTicks}`;
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const environment = { ...process.env, LC_ALL: 'C' };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: environment });
    const [state, ...start] = line.toString().trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}
