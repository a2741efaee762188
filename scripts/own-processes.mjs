// Programs that the test command starts, and whatever they start in turn: told apart from all others by a mark in their
// environment, ended by their numbers.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';

const MARK = `COUNTERSIGN_TEST_RUN=${randomUUID()}`;
const [MARK_NAME, MARK_VALUE] = MARK.split('=');

/** A program that was ended, or ends by itself a moment later, is not counted as left. */
const SETTLE_MS_MAX = 10_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
let isClosed = false;

/**
 * Runs a program in a process group of its own, so that Ctrl-C reaches it through {@link endAll} alone.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, environment?: Record<string, string>, withinMs: number }} options
 * @returns {Promise<number>} its exit status; 124 when it was ended for taking too long
 */
export async function run(program, args, { cwd, environment = {}, withinMs }) {
  // Whoever goes on after an interruption is not started any more; the command itself is about to end.
  if (isClosed) return await new Promise(() => undefined);
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment, [MARK_NAME]: MARK_VALUE },
  });
  running.add(child);
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      signalGroup(child, 'SIGKILL');
    },
    Math.max(withinMs, 1_000),
  );
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(isLate ? 124 : (status ?? 1)));
    });
  } finally {
    clearTimeout(timer);
    running.delete(child);
  }
}

/** From now on nothing is started. */
export function close() {
  isClosed = true;
}

/** Ends what still runs, and what that has left behind. Returns those that had to be ended. */
export async function endAll(settleMsMax = SETTLE_MS_MAX) {
  for (const child of running) signalGroup(child, 'SIGTERM');
  const left = await whatIsLeft(settleMsMax);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
  return left;
}

/** Ends everything without waiting, for a second Ctrl-C. */
export function killAll() {
  for (const child of running) signalGroup(child, 'SIGKILL');
  for (const { pid } of marked()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

async function whatIsLeft(settleMsMax) {
  const deadline = performance.now() + settleMsMax;
  let left = marked();
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(200);
    left = marked();
  }
  return left;
}

/** @returns {{ pid: number, command: string }[]} living processes that carry our mark; none where there is no /proc */
function marked() {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(MARK)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), command: command.slice(0, 160) }];
    } catch {
      // It ended while we looked, or is another user's.
      return [];
    }
  });
}

function signalGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}
