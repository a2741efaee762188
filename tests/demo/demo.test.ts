import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { RUN_OUTCOMES } from '../../contract/states';
import { builtEntry } from '../../stack/built-entry';
import type { DemoReport } from '../../stack/demo/report';

const DEMO_MS_MAX = 400_000;

/** Where the demo puts its temporary data. */
const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly progress: string;
}

/** The demo as `npm run demo -- --json` runs it, on the embedded Postgres and a dev server of its own. */
async function playDemo(): Promise<Ended> {
  const child = spawn(process.execPath, [builtEntry('../cli/main'), 'demo', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, TEMPORAL_ADDRESS: '' },
  });
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, progress] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, output, progress };
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it(
  'plays every scene, proves every invariant, and leaves nothing behind',
  async () => {
    const { status, output, progress } = await playDemo();
    // What people were told is the best explanation of a demo that failed.
    expect({ status, progress }).toEqual({ status: 0, progress });
    const report = JSON.parse(output) as DemoReport;

    expect(report.findings).toEqual([]);
    expect(report.holds).toBe(true);
    expect(Object.keys(report.invariants).length).toBeGreaterThan(20);
    expect(Object.values(report.invariants)).not.toContain(false);
    expect(report.scenes.length).toBeGreaterThan(10);
    expect(report.chains.map(({ tenant_id: tenantId }) => tenantId).sort()).toEqual([
      '__platform__',
      'hospital',
      'poultry-farm',
      'smallholding',
    ]);

    for (const { state, outcome, legs, calls, events } of report.runs) {
      expect(state).toBe('closed');
      expect(RUN_OUTCOMES).toContain(outcome);
      const kinds = legs.map(({ kind }) => kind);
      expect(kinds).toEqual(outcome === 'refused' ? [] : ['reserve', 'settle']);
      if (outcome !== 'refused') expect(calls.length).toBeGreaterThan(0);
      expect(events[0]).toBe('run.accepted');
    }
    const outcomes = new Set(report.runs.map(({ outcome }) => outcome));
    for (const outcome of ['approved', 'applied', 'rejected', 'expired', 'withdrawn', 'nothing', 'refused'])
      expect(outcomes).toContain(outcome);
    const advised = report.runs.find(({ what }) => what === 'packet: advisor');
    expect(advised?.legs.map(({ amount_credits: amount }) => amount)).toEqual(['-1', '-2']);
    expect(progress).toContain('1 reserved, 3 actual, 2 deducted');

    // The document is for programs and logs: no content, no key.
    for (const word of ['Mama', 'Testfield', 'broilers', '45,000']) expect(output).not.toContain(word);
    expect(output + progress).not.toMatch(/cs_[a-z0-9]{16}_/);

    const pids = [...progress.matchAll(/\(process (\d+)\)|, process (\d+)\)/g)].map(([, one, other]) =>
      Number(one ?? other),
    );
    expect(pids.length).toBeGreaterThan(4);
    expect(pids.filter(runs)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  },
  DEMO_MS_MAX,
);
