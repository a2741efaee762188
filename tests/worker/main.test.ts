import { spawn } from 'node:child_process';
import { builtEntry } from '../../stack/built-entry';

/** The worker as the supervisor starts it, from the build, until it ends by itself. */
async function ended(
  environment: Readonly<Record<string, string>>,
): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, [builtEntry('../worker/main')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, said };
}

it('is never ready without its database, and ends with what to do', async () => {
  const { status, said } = await ended({
    DATABASE_URL: 'postgres://countersign_worker@127.0.0.1:9/nothing',
    COUNTERSIGN_DATABASE_WAIT_SECONDS: '1',
  });
  expect(status).toBe(1);
  expect(said).toMatch(
    /^The database did not answer for 1 s: is it up, and does DATABASE_URL name it, .*\n$/,
  );
});

it('ends at once with a wait that is no number', async () => {
  const { status, said } = await ended({
    DATABASE_URL: 'postgres://countersign_worker@127.0.0.1:9/nothing',
    COUNTERSIGN_DATABASE_WAIT_SECONDS: 'long',
  });
  expect(status).toBe(1);
  expect(said).toContain('COUNTERSIGN_DATABASE_WAIT_SECONDS must be a whole number from 0 to 3600.');
});
