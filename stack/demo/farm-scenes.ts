import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Client } from '../../client/index';
import type { RunOutcome } from '../../contract/states';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { examplesFolder } from '../examples-folder';
import { FARM } from '../seed/cast';
import { openGate, type Stage } from './stage';

const noteSchema = z.object({ id: z.string(), note: z.string(), occurred_at: z.string() });
type Note = z.infer<typeof noteSchema>;

const PURPOSE = 'farm.record';
const FARM_ID = FARM.tenant.id;

/** How each note of the file ends after the farm's owner has looked at what waits. */
const ENDINGS: Readonly<Record<string, RunOutcome>> = {
  'eggs-sold': 'approved',
  'sum-open': 'approved',
  diesel: 'rejected',
  'two-records': 'approved',
  sneezing: 'approved',
  fed: 'applied',
  water: 'applied',
  'to-do': 'applied',
  question: 'nothing',
  quiet: 'nothing',
};

/** A file of notes becomes drafts; routine is applied by the auto tier, the rest waits for the owner. */
export async function farmNotes(stage: Stage): Promise<void> {
  const [hand, owner] = [stage.as('hand'), stage.as('owner')];
  const runs = new Map<string, Run>();
  stage.say('  The farm hand sends examples/notes/demo.jsonl, one run for each note:');
  await Promise.all(
    readNotes().map(async ({ id, note, occurred_at }) => {
      const expected = ENDINGS[id];
      if (expected === undefined) throw new Error(`Nobody knows how the note ${id} shall end.`);
      const asking = { by: hand, tenantId: FARM_ID, what: `note: ${id}`, expected };
      const request = { purpose: PURPOSE, input: { note, occurred_at } };
      const run = await stage.ask(expected === 'applied' ? { ...asking, role: 'routine' } : asking, request);
      runs.set(id, run);
      stage.say(`  “${note}” → ${read(run)}`);
    }),
  );
  const seen = async (id: string, recordType?: string): Promise<Gate> =>
    await openGate(owner, known(runs, id), recordType);
  stage.say('  The tier is auto, yet money, deaths and illness wait. The owner looks at them:');
  await approve(owner, await seen('eggs-sold'));
  stage.say('  - approves the sale of 30 crates');
  await fillIn(owner, await seen('sum-open'));
  stage.say('  - “about 15k” was left open rather than guessed: fills in ₦15,500.00 and approves');
  await owner.gates.reject(await seen('diesel'), { reason_code: 'not_ours' });
  stage.say('  - rejects the diesel, which was not the farm’s');
  for (const recordType of ['mortality', 'sale']) await approve(owner, await seen('two-records', recordType));
  await approve(owner, await seen('sneezing'));
  stage.say('  - approves both records of one note, and the sneezing');
  await Promise.all([...runs.values()].map(({ id }) => stage.until(hand, id, 'closed')));
}

/** The same key is the same run; the same text under another key is another run that rests on the stored answer. */
export async function twoKeys(stage: Stage): Promise<void> {
  const [hand, owner] = [stage.as('hand'), stage.as('owner')];
  const input = { note: 'Sold 3 dozen eggs for 4,500', occurred_at: '2026-11-24T09:00:00+01:00' };
  const request = { purpose: PURPOSE, input };
  const asking = { by: hand, tenantId: FARM_ID };
  const key = { idempotencyKey: `demo-${crypto.randomUUID()}` };
  const first = await stage.ask(
    { ...asking, ...key, what: 'one key, sent twice', role: 'same-key', expected: 'approved' },
    request,
  );
  const again = await hand.runs.create(request, key);
  stage.note(
    { tenantId: FARM_ID, what: 'the same, again', role: 'same-key', expected: 'approved' },
    again.id,
  );
  stage.say(`  One key twice: ${again.id === first.id ? 'the same run' : 'TWO RUNS'}`);
  const other = await stage.ask(
    { ...asking, what: 'the same text, another key', role: 'same-text', expected: 'rejected' },
    request,
  );
  const gate = await openGate(owner, other);
  stage.say(
    `  The same text under another key: ${other.id === first.id ? 'THE SAME RUN' : 'a second run'}, ` +
      `${other.calls} model calls more` +
      (gate.possible_duplicate_of === null ? '' : '; the reviewer is told that it may be a duplicate'),
  );
  await approve(owner, await openGate(owner, first));
  await owner.gates.reject(gate, { reason_code: 'duplicate' });
  await Promise.all([first.id, other.id].map((id) => stage.until(hand, id, 'closed')));
}

const RACERS = 10;

/** A tenant with one credit starts ten runs at once: one is admitted, nine are refused with nothing held. */
export async function oneCredit(stage: Stage): Promise<void> {
  const platform = stage.as('platform');
  const { tenant, key } = await platform.tenants.create({
    ...FARM.tenant,
    places: [...FARM.tenant.places],
    id: 'smallholding',
    name: 'A smallholding',
    admin: { display_name: 'Smallholder', roles: ['admin', 'reviewer', 'requester'] },
  });
  await platform.credits.grant({ tenant_id: tenant.id, amount_credits: '1' }, 'demo');
  const holder = stage.withKey(key.token);
  stage.otherReaders.push(holder);
  const runs = await Promise.all(
    Array.from({ length: RACERS }, async (_none, index) => {
      const note = `Sold ${index + 2} crates of eggs for ₦${(index + 2) * 1_500}`;
      const input = { note, occurred_at: '2026-11-24T09:30:00+01:00' };
      const { id } = await holder.runs.create({ purpose: PURPOSE, input });
      return await stage.until(holder, id, 'decidable');
    }),
  );
  for (const { id, outcome } of runs) {
    const expected = outcome === 'refused' ? 'refused' : 'approved';
    stage.note({ tenantId: tenant.id, what: 'ten runs, one credit', role: 'racing', expected }, id);
  }
  const admitted = runs.filter(({ outcome }) => outcome !== 'refused');
  stage.say(`  ${admitted.length} of ${RACERS} was admitted; the others: ${codesOf(runs)}`);
  for (const run of admitted) {
    await approve(holder, await openGate(holder, run));
    await stage.until(holder, run.id, 'closed');
  }
}

export async function approve(reviewer: Client, gate: Gate): Promise<void> {
  await reviewer.gates.approve(gate, { reason_code: 'correct' });
}

async function fillIn(reviewer: Client, gate: Gate): Promise<void> {
  await reviewer.gates.approve(gate, {
    reason_code: 'wrong_number',
    edits: { ...gate.payload, total_minor: '1550000' },
  });
}

function codesOf(runs: readonly Run[]): string {
  return [...new Set(runs.flatMap(({ code }) => code ?? []))].join(', ');
}

/** What became of a note, in a few words. */
function read({ proposals, outcome }: Run): string {
  if (proposals.length === 0) return 'nothing to record';
  return proposals
    .map(({ record_type: type, class: recordClass, missing }) => {
      const open = missing.length === 0 ? '' : `, left open: ${missing.join(', ')}`;
      return `${type} (${recordClass}${open}) ${outcome === 'applied' ? 'applied' : 'waits'}`;
    })
    .join(', ');
}

function known(runs: ReadonlyMap<string, Run>, id: string): Run {
  const run = runs.get(id);
  if (run === undefined) throw new Error(`There is no note ${id}.`);
  return run;
}

function readNotes(): Note[] {
  const text = readFileSync(join(examplesFolder(), 'notes', 'demo.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => noteSchema.parse(JSON.parse(line)));
}
