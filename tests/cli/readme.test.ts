import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../stack/process-identity';
import type { CastName } from '../../stack/seed/cast';
import { TokenFile } from '../../stack/seed/token-file';
import { writeStackState } from '../../stack/state-file';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { readProjectFile, ROOT } from '../support/source-tree';
import type { Person } from '../support/world';

/*
 * The lines that README.md gives to be typed, run by a shell as they are written, against a real API and a real worker.
 * Only the address, what the reader is told to fill in (`KEY=…`), and npm around the command are put in their place.
 */

const governed = governedRuns();
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const home = join(mkdtempSync(join(tmpdir(), 'countersign-readme-')), 'home');
afterAll(() => rmSync(join(home, '..'), { recursive: true, force: true }));

/** What a data folder holds beside a stack that runs: who was seeded, and where everything is. */
beforeAll(() => {
  mkdirSync(home);
  const tokens = new TokenFile(home);
  const note = (name: CastName, { tenantId, userId, token }: Person): void =>
    tokens.note(name, { tenant_id: tenantId, user_id: userId, display_name: name, roles: [], token });
  note('hand', governed.world.farm.hand);
  note('owner', governed.world.farm.owner);
  const self = identify(process.pid);
  if (self === undefined) throw new Error('this process has no start');
  const { address, namespace } = governed.temporal;
  writeStackState(home, {
    supervisor: self,
    parts: [],
    processes: {},
    apiUrl: api.url,
    temporalAddress: address,
    temporalNamespace: namespace,
  });
});

/** Every block of lines to type, without its indentation; a table's row or a result is none. */
function blocks(): string[] {
  const found = readProjectFile('README.md').matchAll(/(?:^ {4}.*\n)+/gm);
  return [...found].map(([block]) => block.replaceAll(/^ {4}/gm, ''));
}

function blockWith(words: string): string {
  const block = blocks().find((one) => one.includes(words));
  if (block === undefined) throw new Error(`README.md has no block with ${words}`);
  return block;
}

/** How a reader fills in what the lines leave open, by name. */
function filledIn(block: string, values: Readonly<Record<string, string>>): string {
  return block.replaceAll(/^(export )?([A-Z_]+)=\S*…(?= +#)/gm, (_all, exported = '', name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nobody knows what to fill in for ${name}`);
    return `${exported}${name}=${value}`;
  });
}

/** What lines print in a shell that stops at the first one that fails. @throws Error with it when one does */
async function typed(lines: string): Promise<string> {
  const child = spawn('bash', ['-eu', '-o', 'pipefail', '-c', lines], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      COUNTERSIGN_HOME: home,
      DATABASE_URL_MIGRATOR: governed.database.url('postgres'),
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the lines ended with status ${status}: ${out}`);
  return out;
}

async function records(): Promise<readonly object[]> {
  const { body } = await api.ask(governed.world.farm.owner, 'records.list');
  return body.items.map(({ record_type, payload }) => ({ record_type, ...payload }));
}

it('sends a note, finds its gate and approves it, by curl as it is written', async () => {
  const { hand, owner } = governed.world.farm;
  const lines = filledIn(blockWith('curl '), { KEY: hand.token, OWNER_KEY: owner.token });
  const out = await typed(lines.replaceAll('localhost:8080', api.url));
  expect(out).toContain('"verdict":"approve"');
  expect(out).toContain('"state":"waiting"');
  expect(await records()).toEqual([
    expect.objectContaining({ record_type: 'sale', quantity: '30', total_minor: '4500000' }),
  ]);
});

it('does the same from a terminal, and is told that chain and stack are well', async () => {
  const command = 'npm run countersign --';
  const scripts = (JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> })
    .scripts;
  expect(scripts.countersign).toBe('npm run -s build && node dist/cli/main.js');
  const open = '--as owner --json gates | node -p "JSON.parse(fs.readFileSync(0)).items[0].id"';
  const lines = filledIn(blockWith(`${command} --as owner approve`), { GATE: `$(${command} ${open})` });
  const out = await typed(lines.replaceAll(command, 'node dist/cli/main.js'));
  expect(out).toContain('The gate is approved.');
  expect(out).toContain('The chain holds');
  expect(out).toMatch(/^API +ok /m);
  expect(await records()).toContainEqual(
    expect.objectContaining({ record_type: 'mortality', count: 3, place: 'House 2' }),
  );
  // Seven processes, each with Node's own start, on a machine that runs other tests beside.
}, 120_000);

it('has no other lines to type than these and those that tests run by themselves', () => {
  const isResult = (block: string): boolean => /^(Farm notes|verifies)/.test(block);
  const others = blocks().filter((block) => !/curl |approve/.test(block) && !isResult(block));
  expect(others.map((block) => block.trim())).toEqual([
    // tests/demo, and the demo's own end.
    'npm install && npm run demo',
    // What runs this.
    'npm install && npm test',
    // tests/stack/main.test.ts
    'npm start',
  ]);
});
