import { RECORD_CLASSES, type RecordClass } from '../../contract/states';
import { testDatabase } from '../support/database';
import { grant, note, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

/** A gate of each class, by record types of the packs; `hiring` has none and gets one of its own. */
const TYPES: Readonly<Record<RecordClass, string>> = {
  routine: 'note',
  financial: 'sale',
  destructive: 'mortality',
  clinical: 'symptom',
  privileging: 'privilege_grant',
  credentialing: 'committee_response',
  hiring: 'test_hire',
};
const KINDS = ['human', 'system', 'ai_advisory', 'service', '', null] as const;
const CLASSES = [...RECORD_CLASSES, null] as const;

const gates = new Map<RecordClass, GateRow & { aiRunId: unknown; intentId: unknown; rationaleId: unknown }>();

beforeAll(async () => {
  const { farm } = runs.world;
  for (const recordClass of RECORD_CLASSES) {
    const { runId, aiRunId } = await runs.answered(farm.hand);
    const gate = await openGate(runId, aiRunId, recordClass);
    gates.set(recordClass, gate);
  }
}, 60_000);

/** As the owner, past the functions: the table itself is what must refuse. */
async function openGate(runId: string, aiRunId: string, recordClass: RecordClass) {
  const { farm } = runs.world;
  const type = TYPES[recordClass];
  return await database.asOwner(farm.id, async (transaction) => {
    await transaction.rows(
      `insert into core.record_types select t.* from core.record_types o, jsonb_populate_record(o, $1) t
       where o.name = 'privilege_grant' on conflict do nothing`,
      [JSON.stringify({ name: 'test_hire', class: 'hiring' })],
    );
    const [row] = await transaction.rows<
      GateRow & { aiRunId: unknown; intentId: unknown; rationaleId: unknown }
    >(
      `with payload as (select * from core.put_content($1, 'proposal', '{}')),
         proposal as (insert into core.proposals (tenant_id, run_id, ordinal, kind, record_type, record_class, ai_run_id, payload_content_id, hash, shown, created_at)
           select app.tenant(), $1, 0, 'draft', $3, $4, $2, id, commitment, true, app.now() from payload returning *),
         question as (select * from core.put_content($1, 'question', '{}')),
         gate as (insert into core.gates (tenant_id, run_id, proposal_id, record_class, version, proposal_hash, manual, question_content_id, roles,
             seats, separation, rationale_rule, reason_codes, dispositions, opened_at, due_at)
           select app.tenant(), $1, p.id, $4, 1, p.hash, false, q.id, array['reviewer'], 1, 'second_person', 'text', '{}', '{}', app.now(),
             app.now() + interval '1 day' from proposal p, question q returning *),
         rationale as (select * from core.put_content($1, 'rationale', 'Because it is so.')),
         intent as (insert into core.intents (tenant_id, gate_id, gate_version, proposal_hash, shown_hash, verdict, rationale_content_id,
             actor_user_id, key_id, auth_method, authenticated_at, stored_at)
           select app.tenant(), g.id, 1, g.proposal_hash, '\\x01', 'approve', r.id, $5, $6, 'oidc', app.now(), app.now() from gate g, rationale r returning *)
       select g.id, g.run_id, g.proposal_id, i.id as "intentId", i.rationale_content_id as "rationaleId", $2::uuid as "aiRunId" from gate g, intent i`,
      [runId, aiRunId, type, recordClass, farm.owner.userId, farm.owner.keyId],
    );
    if (!row) throw new Error('no gate');
    return row;
  });
}

describe('a decision row', () => {
  it('of a protected class is a human’s, in every combination of class, kind and authority, unknowns included', async () => {
    const accepted: string[] = [];
    for (const gateClass of RECORD_CLASSES)
      for (const claimed of CLASSES)
        for (const kind of KINDS)
          for (const proof of ['intent', 'authority', 'both', 'none'] as const)
            if ((await decide(gateClass, { claimed, kind, proof })) === undefined)
              accepted.push(`${gateClass} ${claimed} ${kind} ${proof}`);
    // A human with an intent on each class under its own name, and the system with an authority on routine.
    expect(accepted.sort()).toEqual(
      [
        ...RECORD_CLASSES.map((one) => `${one} ${one} human intent`),
        'routine routine system authority',
      ].sort(),
    );
  }, 120_000);

  it('of the system is an approval, never a rejection or an escalation', async () => {
    for (const verdict of ['reject', 'escalate', null])
      expect(
        await decide('routine', { claimed: 'routine', kind: 'system', proof: 'authority', verdict }),
      ).toMatch(/^23/);
  });

  it('of a human has what was shown, and a reason', async () => {
    const right = { claimed: 'routine', kind: 'human', proof: 'intent' } as const;
    expect(await decide('routine', { ...right, shown: null })).toBe('23514');
    expect(await decide('routine', { ...right, rationale: false })).toBe('23514');
    expect(await decide('routine', { ...right, rule: null })).toBe('23502');
    expect(await decide('routine', right)).toBeUndefined();
  });

  it('has an advisory exactly when it is not manual', async () => {
    const right = { claimed: 'routine', kind: 'human', proof: 'intent' } as const;
    expect(await decide('routine', { ...right, manual: true })).toBe('23514');
    expect(await decide('routine', { ...right, manual: null })).toBe('23502');
  });
});

describe('an outcome', () => {
  it.each(['approved', 'applied', 'rejected'])('%s is refused without its decision', async (outcome) => {
    expect(await close(outcome, outcome === 'applied' ? 'system' : 'human')).toBe('23514');
  });

  it('expired is never a human’s, approved never the system’s', async () => {
    expect(await close('expired', 'human')).toBe('23514');
    expect(await close('approved', 'system')).toBe('23514');
  });

  it('approved needs as many people’s approvals of this version as there are seats', async () => {
    const { hospital } = runs.world;
    const drafted = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
    const [gate] = drafted.gates as [GateRow];
    const decided = await runs.decide(hospital.members[0], gate, 'approve', {
      rationale: 'Yes.',
      disposition: 'grant',
    });
    const closed = database.asOwner(hospital.id, (transaction) =>
      transaction.rows(
        `insert into core.gate_outcomes (tenant_id, gate_id, outcome, decision_id, actor_kind, at)
         values (app.tenant(), $1, 'approved', $2, 'human', app.now())`,
        [gate.id, decided.decision_id],
      ),
    );
    expect(await stateOf(closed)).toBe('ZC009');
  });

  it('is one of a gate', async () => {
    const { farm } = runs.world;
    const { gates: open } = await runs.drafted(farm.hand, [sale(), note()]);
    const [gate] = open as [GateRow];
    await runs.decide(farm.owner, gate, 'reject');
    expect(await close('expired', 'system', gate.id)).toBe('23505');
  });

  async function close(
    outcome: string,
    kind: string,
    gateId: unknown = gates.get('financial')?.id,
  ): Promise<string | undefined> {
    return await stateOf(
      database.asOwner(runs.world.farm.id, (transaction) =>
        transaction.rows(
          `insert into core.gate_outcomes (tenant_id, gate_id, outcome, actor_kind, at) values (app.tenant(), $1, $2, $3, app.now())`,
          [gateId, outcome, kind],
        ),
      ),
    );
  }
});

interface Claim {
  readonly claimed: string | null;
  readonly kind: string | null;
  readonly proof: 'intent' | 'authority' | 'both' | 'none';
  readonly verdict?: string | null;
  readonly shown?: null;
  readonly rationale?: false;
  readonly rule?: null;
  readonly manual?: boolean | null;
}

/** Tries to write a decision on the gate of a class, and takes it back. Returns the state that it was refused with. */
async function decide(gateClass: RecordClass, claim: Claim): Promise<string | undefined> {
  const gate = gates.get(gateClass);
  const withIntent = claim.proof === 'intent' || claim.proof === 'both';
  const withAuthority = claim.proof === 'authority' || claim.proof === 'both';
  const written = database.asOwner(runs.world.farm.id, async (transaction) => {
    await transaction.rows(
      `insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, actor_user_id,
         authority_policy_version, intent_id, ai_advisory_id, manual, proposal_hash, shown_hash, decision_rationale_content_id, rationale_rule,
         self_confirmed, decided_at)
       values (app.tenant(), $1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, '\\x00', $12, $13, $14, false, app.now())`,
      [
        gate?.id,
        gate?.run_id,
        gate?.proposal_id,
        claim.claimed,
        claim.verdict === undefined ? 'approve' : claim.verdict,
        claim.kind,
        runs.world.farm.owner.userId,
        withAuthority ? 1 : null,
        withIntent ? gate?.intentId : null,
        gate?.aiRunId,
        claim.manual === undefined ? false : claim.manual,
        withIntent && claim.shown === undefined ? Buffer.from('01', 'hex') : null,
        claim.rationale === false ? null : gate?.rationaleId,
        claim.rule === undefined ? 'text' : claim.rule,
      ],
    );
    throw new Accepted();
  });
  return await stateOf(written).catch((error: unknown) => {
    if (error instanceof Accepted) return undefined;
    throw error;
  });
}

class Accepted extends Error {}
