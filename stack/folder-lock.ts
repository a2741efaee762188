import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { identify, isRunning, processIdentitySchema, type ProcessIdentity } from './process-identity';

const lockSchema = z.object({ ...processIdentitySchema.shape, nonce: z.string(), holder: z.string() });

type Lock = z.infer<typeof lockSchema>;

/** Thrown when another living process holds the lock. The message names what is held and by which process. */
export class FolderLockedError extends Error {
  readonly owner: ProcessIdentity;

  constructor(path: string, owner: Lock) {
    super(
      `${owner.holder} is in use by process ${owner.pid} (lock file ${path}). Stop that process first, ` +
        'or use another folder by setting COUNTERSIGN_HOME.',
    );
    this.name = 'FolderLockedError';
    this.owner = { pid: owner.pid, startedAt: owner.startedAt };
  }
}

export interface FolderLock {
  /** Whether the lock file still names this holder; false after somebody removed or replaced it. */
  isHeld(): boolean;
  /** Removes the lock file if it is still ours. May be called more than once. */
  release(): void;
}

/**
 * Takes a lock file for this process. A lock whose owner died (kill -9 leaves the file) is taken over; one whose owner
 * lives is refused. The owner is known by pid and start time, since numbers are used again.
 *
 * @param path the lock file; its folder is made when missing
 * @param holder what is locked, for the message: "The data folder /…/pglite"
 * @throws FolderLockedError when the owner lives
 */
export async function acquireFolderLock(path: string, holder: string): Promise<FolderLock> {
  const self = identify(process.pid);
  if (self === undefined)
    throw new Error('This process cannot read its own start time, so it cannot lock a folder.');
  const mine: Lock = { ...self, nonce: randomUUID(), holder };
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    if (tryCreate(path, mine)) break;
    const present = readLock(path);
    if (present !== undefined && isRunning(present)) throw new FolderLockedError(path, present);
    removeStale(path, present);
  }
  // Two processes that find the same stale lock at once may both get here; the file names only the later one.
  await sleep(30);
  const winner = readLock(path);
  if (winner !== undefined && winner.nonce !== mine.nonce) throw new FolderLockedError(path, winner);
  return {
    isHeld: () => readLock(path)?.nonce === mine.nonce,
    release: () => {
      if (readLock(path)?.nonce === mine.nonce) rmSync(path, { force: true });
    },
  };
}

/** The living owner of a lock file, or undefined when it is free or its owner died. */
export function folderLockOwner(path: string): ProcessIdentity | undefined {
  const present = readLock(path);
  return present !== undefined && isRunning(present)
    ? { pid: present.pid, startedAt: present.startedAt }
    : undefined;
}

/** Creates the file with its whole content at once, which an exclusive open followed by a write does not. */
function tryCreate(path: string, lock: Lock): boolean {
  const draft = `${path}.${lock.nonce}`;
  writeFileSync(draft, `${JSON.stringify(lock)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isAlreadyThere(error)) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Looks at the code and not at the class: an error of Node's own may come from another realm than this module's. */
function isAlreadyThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}

function removeStale(path: string, stale: Lock | undefined): void {
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readLock(aside);
  if (moved !== undefined && moved.nonce !== stale?.nonce) {
    // Somebody took the stale lock over in between: what was moved is theirs and goes back.
    try {
      linkSync(aside, path);
    } catch {
      // A third process has the lock by now; the mover finds it on its next round.
    }
  }
  rmSync(aside, { force: true });
}

function readLock(path: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
