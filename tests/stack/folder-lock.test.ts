import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFolderLock, folderLockOwner, FolderLockedError } from '../../stack/folder-lock';
import { identify } from '../../stack/process-identity';
import { temporaryFolder } from './stand-in';

const folder = temporaryFolder();
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function lockOf(pid: number, startedAt: string): string {
  return JSON.stringify({ pid, startedAt, nonce: 'of-the-test', holder: 'The data folder /farm' });
}

test('a lock whose owner lives is refused, and the message names the process', async () => {
  const path = join(folder, 'living.lock');
  const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  children.push(other);
  await once(other, 'spawn');
  const pid = other.pid ?? 0;
  writeFileSync(path, lockOf(pid, identify(pid)?.startedAt ?? ''));
  const refused = acquireFolderLock(path, 'The data folder /farm');
  await expect(refused).rejects.toThrow(FolderLockedError);
  await expect(refused).rejects.toThrow(`The data folder /farm is in use by process ${pid}`);
  expect(folderLockOwner(path)?.pid).toBe(pid);
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(folderLockOwner(path)).toBeUndefined();
  const lock = await acquireFolderLock(path, 'The data folder /farm');
  expect(lock.isHeld()).toBe(true);
  lock.release();
});

test('a lock whose process number now belongs to another process is taken over', async () => {
  const path = join(folder, 'reused.lock');
  writeFileSync(path, lockOf(process.pid, 'another start'));
  const lock = await acquireFolderLock(path, 'The data folder /farm');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject(identify(process.pid) ?? {});
  lock.release();
});

test('a lock file that cannot be read is taken over', async () => {
  const path = join(folder, 'broken.lock');
  writeFileSync(path, '{"pid":');
  const lock = await acquireFolderLock(path, 'The data folder /farm');
  expect(lock.isHeld()).toBe(true);
  lock.release();
});

test('of many that find the same stale lock at once, exactly one gets it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const path = join(folder, `race-${round}.lock`);
    writeFileSync(path, lockOf(process.pid, 'another start'));
    const tries = Array.from({ length: 8 }, () => acquireFolderLock(path, 'The data folder /farm'));
    const outcomes = await Promise.allSettled(tries);
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners.filter((lock) => lock.isHeld())).toHaveLength(1);
    expect(winners).toHaveLength(1);
  }
});

test('a released lock is gone, and a lock that was taken away is not removed on release', async () => {
  const path = join(folder, 'released.lock');
  const lock = await acquireFolderLock(path, 'The data folder /farm');
  lock.release();
  expect(() => readFileSync(path)).toThrow();
  const second = await acquireFolderLock(path, 'The data folder /farm');
  writeFileSync(path, lockOf(1, 'of a stranger'));
  second.release();
  expect(readFileSync(path, 'utf8')).toContain('of a stranger');
});
