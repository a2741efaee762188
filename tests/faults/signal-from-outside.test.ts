import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../stack/command';
import { devServerEnvironment } from '../../stack/temporal/server';
import { progressQuery } from '../../workflows/messages';
import type { GateRow } from '../support/governed';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns, only } from './support/faulty-runs';
import { temporalProgram } from './support/killable-temporal';

/*
 * Operations deliver a verdict by hand, with Temporal's own command: the id of a stored intent, whose Update was never
 * sent. The command carries no authority; what it may do is what was stored.
 */

const { governed, startWorker, accept, startRun, gateOf } = faultyRuns();

let program = '';

beforeAll(async () => {
  program = await temporalProgram();
  await startWorker();
}, 60_000);

async function runThatWaits(): Promise<{ readonly runId: string; readonly gate: GateRow }> {
  const runId = await accept();
  await startRun(runId);
  return { runId, gate: await gateOf(runId) };
}

/** `temporal workflow signal`, with its settings from the command line alone. */
async function signal(runId: string, name: string, intentId: string, gateId: string): Promise<void> {
  const { address, namespace } = governed.temporal;
  const where = ['--address', address, '--namespace', namespace, '--workflow-id', runId];
  const what = ['--name', name, '--input', JSON.stringify({ intentId, gateId })];
  const unset = Object.keys(process.env).filter((key) => !(key in devServerEnvironment()));
  const environment = Object.fromEntries(unset.map((key) => [key, '']));
  await runCommand(program, ['workflow', 'signal', ...where, ...what], { withinMs: 30_000, environment });
}

it('decides a run whose Update was never sent', async () => {
  const { runId, gate } = await runThatWaits();
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  await signal(runId, 'approve', intentId, gate.id);
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  await expectBooksHold(governed, governed.world.farm.id);
});

it('changes nothing when its name is another than the stored verdict', async () => {
  const { runId, gate } = await runThatWaits();
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  const before = await tracesOf(governed, runId);
  await signal(runId, 'reject', intentId, gate.id);
  // Verdicts of one run are taken one after another, so this one's answer comes after the signal was dealt with.
  expect(await governed.deliver(runId, gate.id, UNKNOWN)).toMatchObject({
    outcome: 'conflict',
    code: 'intent_not_found',
  });
  expect(await tracesOf(governed, runId)).toEqual(before);

  await signal(runId, 'approve', intentId, gate.id);
  await governed.handle(runId).result();
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
});

it('changes nothing with an id that nobody stored', async () => {
  const { runId, gate } = await runThatWaits();
  const before = await tracesOf(governed, runId);
  await signal(runId, 'approve', UNKNOWN, gate.id);
  expect(await governed.deliver(runId, gate.id, UNKNOWN)).toMatchObject({ code: 'intent_not_found' });
  expect(await tracesOf(governed, runId)).toEqual(before);
});

it('applies a verdict that was sent to the wrong run where it belongs, and waits for its own gates alone', async () => {
  const { hospital } = governed.world;
  const [here, there] = [await packetThatWaits(), await packetThatWaits()];
  const [member] = hospital.members;
  const { intent_id: intentId } = await governed.store(member, there.gate, 'approve', {
    disposition: 'grant',
  });
  await signal(here.runId, 'approve', intentId, here.gate.id);
  await governed.deliver(here.runId, here.gate.id, UNKNOWN);
  expect(await tracesOf(governed, there.runId)).toMatchObject({ gates: ['open by 1'], intents: ['applied'] });
  expect(await tracesOf(governed, here.runId)).toMatchObject({ gates: ['open by 0'], intents: [] });
  expect(await governed.handle(here.runId).query(progressQuery)).toMatchObject({
    openGateIds: [here.gate.id],
  });
});

/** A packet about a privilege waits for two seats. */
async function packetThatWaits(): Promise<{ readonly runId: string; readonly gate: GateRow }> {
  const { hospital } = governed.world;
  const packet = join(__dirname, '..', '..', 'examples', 'packets', 'complete.json');
  const input = JSON.parse(readFileSync(packet, 'utf8')) as object;
  const runId = await governed.start(hospital.staff, 'credentialing.privileging', input);
  await governed.settled(hospital.id, runId, ['waiting']);
  return { runId, gate: only(await governed.gates(hospital.id, runId)) };
}

const UNKNOWN = '00000000-0000-7000-8000-000000000000';
