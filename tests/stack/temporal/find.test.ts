import { rmSync } from 'node:fs';
import { runCommand } from '../../../stack/command';
import { findTemporal } from '../../../stack/temporal/find';
import { temporaryFolder, withoutGivenParts } from '../stand-in';

/* Finding Temporal where there is none yet, and somebody who doesn't want to wait for it. */

const folder = temporaryFolder();
const kept = { ...process.env };

beforeAll(() => {
  withoutGivenParts();
  // Nothing that this machine happens to have: not on PATH, not in a cache, not downloaded before.
  Object.assign(process.env, { PATH: folder, TMPDIR: folder, COUNTERSIGN_CACHE: folder });
});

afterAll(() => {
  process.env = kept;
  rmSync(folder, { recursive: true, force: true });
});

test('a start that is interrupted ends the fetching that is under way, and tries nothing further', async () => {
  const interruption = new AbortController();
  const said: string[] = [];
  const found = findTemporal({
    progress: (sentence) => {
      said.push(sentence);
      interruption.abort(new Error('interrupted'));
    },
    signal: interruption.signal,
  });
  await expect(found).rejects.toThrow('interrupted');
  expect(said).toEqual([expect.stringContaining('Fetching Temporal')]);
});

test('a command ends with its whole group when it is interrupted', async () => {
  const began = performance.now();
  const command = runCommand('/bin/sh', ['-c', 'echo started >&2; sleep 60'], {
    withinMs: 50_000,
    environment: { PATH: kept.PATH ?? '' },
    signal: AbortSignal.timeout(300),
  });
  await expect(command).rejects.toThrow('/bin/sh was interrupted: started');
  expect(performance.now() - began).toBeLessThan(10_000);
});
