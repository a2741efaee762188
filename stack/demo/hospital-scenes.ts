import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Gate } from '../../contract/wire/gate';
import { examplesFolder } from '../examples-folder';
import type { CastName } from '../seed/cast';
import { HOSPITAL } from '../seed/cast';
import { openGate, type Stage } from './stage';

const PRIVILEGING = 'credentialing.privileging';
const COMMITTEE = 'credentialing.committee_response';
const HOSPITAL_ID = HOSPITAL.tenant.id;

const payloadSchema = z.object({ met: z.int(), not_met: z.int(), unknown: z.int() });

/** A packet becomes a criteria check with sources, which two people must approve. */
export async function twoPeople(stage: Stage): Promise<void> {
  const run = await stage.ask(
    { by: stage.as('staff'), tenantId: HOSPITAL_ID, what: 'packet: complete', expected: 'approved' },
    { purpose: PRIVILEGING, input: packet('complete.json') },
  );
  for (const name of ['member-1', 'member-2'] as const) {
    const gate = await openGate(stage.as(name), run);
    if (name === 'member-1') {
      stage.say(`  “${gate.question ?? ''}” ${criteria(gate)}`);
      for (const line of sources(gate)) stage.say(`  - ${line}`);
    }
    await stage.as(name).gates.approve(gate, {
      disposition: 'grant',
      rationale: 'Every criterion is met by a fact that its source has verified.',
    });
    const { state } = await stage.until(stage.as('staff'), run.id, 'decidable');
    stage.say(
      `  ${titleOf(stage, name)} approves: the run ${state === 'closed' ? 'goes on' : 'still waits'}`,
    );
  }
  await stage.until(stage.as('staff'), run.id, 'closed');
}

/** Low confidence asks the advisor; still low, the senior is asked. What the advisor cost is deducted at the end. */
export async function advisorAndSenior(stage: Stage): Promise<void> {
  const staff = stage.as('staff');
  const run = await stage.ask(
    { by: staff, tenantId: HOSPITAL_ID, what: 'packet: advisor', role: 'advised', expected: 'rejected' },
    { purpose: PRIVILEGING, input: packet('advisor.json') },
  );
  const gate = await openGate(stage.as('senior'), run);
  stage.say(`  ${criteria(gate)}, but verified facts settle only ${percent(run.confidence)} of them,`);
  stage.say(`  after the advisor was asked as well: so it is escalated to the ${gate.role}`);
  await stage.as('senior').gates.reject(gate, {
    rationale: 'What the documents say is not verified at its source; ask the boards first.',
  });
  const { credits } = await stage.until(staff, run.id, 'closed');
  stage.say(
    `  The senior rejects: ${credits.reserved} reserved, ${credits.actual} actual, ${credits.deducted} deducted`,
  );
}

/** A packet that nobody decides. It is left open here; time runs out for it in a later scene. */
export async function leftOpen(stage: Stage): Promise<void> {
  const run = await stage.ask(
    {
      by: stage.as('staff'),
      tenantId: HOSPITAL_ID,
      what: 'packet: expiring',
      role: 'expiring',
      expected: 'expired',
    },
    { purpose: PRIVILEGING, input: packet('expiring.json') },
  );
  const gate = await openGate(stage.as('member-1'), run);
  stage.say(`  Nobody will decide it: it is due on ${gate.due_at.slice(0, 10)}`);
}

/** The hospital asks for a purpose whose model nobody has put into the vendor matrix. */
export async function unlistedModel(stage: Stage): Promise<void> {
  const staff = stage.as('staff');
  const { example } = await staff.purposes.get(COMMITTEE);
  const run = await stage.ask(
    {
      by: staff,
      tenantId: HOSPITAL_ID,
      what: 'a model that is not listed',
      role: 'unlisted',
      expected: 'refused',
    },
    { purpose: COMMITTEE, input: example },
  );
  stage.say(`  ${run.outcome ?? run.state}: ${run.code ?? 'no code'}; ${run.credits.reserved} credits held`);
}

function packet(name: string): Record<string, unknown> {
  const text = readFileSync(join(examplesFolder(), 'packets', name), 'utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function criteria(gate: Gate): string {
  const { met, not_met: notMet, unknown } = payloadSchema.parse(gate.payload);
  return `${met} criteria met, ${notMet} not met, ${unknown} unknown`;
}

const answerSchema = z.object({
  criteria: z.array(
    z.object({ label: z.string(), status: z.string(), sources: z.array(z.record(z.string(), z.unknown())) }),
  ),
});

/** Each criterion with where its answer comes from. */
function sources(gate: Gate): string[] {
  return answerSchema.parse(gate.payload).criteria.map(({ label, status, sources: spans }) => {
    const receipts = spans.filter((span) => typeof span.receipt_id === 'string').length;
    const parts = [counted(receipts, 'receipt'), counted(spans.length - receipts, 'passage')];
    return `${status}: ${label} (${parts.filter((part) => part !== undefined).join(', ')})`;
  });
}

function counted(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function percent(permille: number | null): string {
  return permille === null ? 'none' : `${Math.round(permille / 10)} %`;
}

function titleOf(stage: Stage, name: CastName): string {
  return stage.people[name].display_name;
}
