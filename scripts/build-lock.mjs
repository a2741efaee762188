import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 100;

/**
 * Runs work while holding a lock file, so that builds of one checkout wait for one another. The file appears as a whole
 * (by a hard link) and names its owner; one whose owner has died is taken away.
 * @template Result
 * @param {string} file
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(file, work) {
  await mkdir(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    while (!(await isTaken(own, file))) {
      await removeIfAbandoned(file);
      await sleep(WAIT_MS);
    }
    return await work();
  } finally {
    if ((await ownerOf(file)) === process.pid) await rm(file, { force: true });
    await rm(own, { force: true });
  }
}

async function isTaken(own, file) {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfAbandoned(file) {
  const owner = await ownerOf(file);
  if (owner === undefined || isAlive(owner)) return;
  // Renaming is atomic, so of two builds that find the same dead owner one fails here and goes on waiting.
  const abandoned = `${file}.abandoned-${process.pid}`;
  await rename(file, abandoned).catch(() => undefined);
  await rm(abandoned, { force: true });
}

async function ownerOf(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
