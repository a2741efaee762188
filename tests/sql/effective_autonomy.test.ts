import {
  AUTONOMY_TIERS,
  effectiveAutonomy,
  proposalAutonomy,
  type AutonomyInput,
  type AutonomyTier,
} from '../../contract/policy/autonomy';
import {
  PROPOSAL_KINDS,
  PROTECTED_CLASSES,
  RECORD_CLASSES,
  type ProposalKind,
  type RecordClass,
} from '../../contract/states';
import { testDatabase } from '../support/database';
import type { Person } from '../support/world';
import { item, sqlRuns, type DraftItem } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

interface RegisteredType {
  readonly name: string;
  readonly class: RecordClass;
  readonly kind: ProposalKind;
  readonly required_fields: readonly string[];
}

/** A tenant's policy as far as autonomy goes: for every type the same. */
type Controls = Omit<AutonomyInput, 'recordClass'>;

const CONTROLS: readonly Controls[] = AUTONOMY_TIERS.flatMap((tier) =>
  [true, false].flatMap((listed) =>
    [null, ...AUTONOMY_TIERS].flatMap((override) =>
      [false, true].map((paused) => ({ tier, listed, override, paused })),
    ),
  ),
);

let types: readonly RegisteredType[];
beforeAll(async () => {
  // The packs declare no type of these classes that writes; purposes that may propose every type there is try them all.
  for (const missing of ['hiring', 'credentialing', 'privileging', 'destructive']) {
    await asPlatform(
      `insert into core.record_types select name || '_' || $1, $1, 'draft', effect, required_fields, role, seats, 'second_person',
         rationale_rule, reason_codes, dispositions, definition, content_hash from core.record_types where name = 'note'`,
      [missing],
    );
  }
  await asPlatform(
    `insert into core.purpose_record_types select p.name, p.version, t.name from core.purposes p cross join core.record_types t
     on conflict do nothing`,
  );
  types = await database.look<RegisteredType>(
    'select name, class, kind, required_fields from core.record_types order by name',
  );
});

it('resolves every input as the contract does', async () => {
  const inputs = CONTROLS.flatMap((controls) =>
    RECORD_CLASSES.map((recordClass) => ({ ...controls, recordClass })),
  );
  expect(inputs).toHaveLength(3 * 2 * 4 * 2 * 7);
  const answers = await database.look<{ tier: AutonomyTier }>(
    `select app.effective_autonomy(i ->> 'tier', i ->> 'recordClass', (i ->> 'listed')::boolean, i ->> 'override', (i ->> 'paused')::boolean) as tier
     from jsonb_array_elements($1) with ordinality as e (i, place) order by place`,
    [JSON.stringify(inputs)],
  );
  expect(answers.map(({ tier }) => tier)).toEqual(inputs.map(effectiveAutonomy));
  const isAuto = inputs.filter((_, at) => answers[at]?.tier === 'auto');
  expect(isAuto.filter(({ recordClass, paused }) => recordClass !== 'routine' || paused)).toEqual([]);
  expect(isAuto.length).toBeGreaterThan(0);
});

describe('what a draft becomes', () => {
  it('is what the contract says, for every registered record type under every policy', async () => {
    expect(new Set(types.map((type) => type.class))).toEqual(new Set(RECORD_CLASSES));
    const farm = await runs.farm();
    // Answered before any policy pauses: what comes next is what the system does with advice that is already there.
    const answered = [];
    // The whole table where a run costs little; elsewhere some of every kind.
    const tried = CONTROLS.filter((_, at) => database.isNative || at % 5 === 0);
    for (const controls of tried) answered.push({ controls, ...(await runs.answered(farm.hand)) });
    const proposed = types.flatMap((type) => [
      { type, kind: type.kind },
      { type, kind: 'manual' as const },
    ]);
    for (const { controls, runId, aiRunId } of answered) {
      await setPolicy(farm.owner, controls);
      await draft(
        farm.id,
        runId,
        aiRunId,
        proposed.map(({ type, kind }) => complete(type, kind)),
      );
      const expected = proposed.map(({ type, kind }) => ({
        type: type.name,
        kind,
        tier: proposalAutonomy({ ...controls, ...PLAIN, recordClass: type.class, kind }),
      }));
      expect({ controls, became: await became(runId) }).toEqual({ controls, became: expected });
    }
    expect(await systemActs(PROTECTED_CLASSES)).toEqual([]);
    expect((await systemActs(['routine'])).length).toBeGreaterThan(5);
  }, 240_000);

  it('is never applied when it is incomplete, doubtful, to be reviewed, or no draft', async () => {
    const { hospital } = runs.world;
    const note = typeNamed('note');
    const cells = PROPOSAL_KINDS.flatMap((kind) =>
      [true, false].flatMap((isComplete) =>
        [true, false].map((doubtful) => ({ kind, complete: isComplete, doubtful })),
      ),
    );
    const controls = { tier: 'auto', listed: true, override: null, paused: false } as const;
    for (const reviewed of [true, false]) {
      const { runId, aiRunId } = await runs.answered(hospital.staff, 'credentialing.extraction');
      await setPolicy(hospital.admin, controls, { require_human_review_for_phi_extraction: reviewed });
      const items = cells.map((cell) => ({
        ...complete(note, cell.kind),
        ...(cell.complete ? {} : { payload: '{}' }),
        doubtful: cell.doubtful,
      }));
      await draft(hospital.id, runId, aiRunId, items);
      const expected = cells.map((cell) => ({
        type: 'note',
        kind: cell.kind,
        tier: proposalAutonomy({ ...controls, ...cell, recordClass: 'routine', reviewed, moreSeats: false }),
      }));
      expect({ reviewed, became: await became(runId) }).toEqual({ reviewed, became: expected });
      expect(expected.filter(({ tier }) => tier === 'auto')).toHaveLength(reviewed ? 0 : 1);
    }
  });

  it.each([
    ['the purpose', { paused_purposes: ['farm.record'] }],
    ['the vendor of the model', { paused_vendors: ['local'] }],
  ])('is for people when %s was paused while the model thought', async (_what, paused) => {
    const farm = await runs.farm();
    const { runId, aiRunId } = await runs.answered(farm.hand);
    await setPolicy(farm.owner, { tier: 'auto', listed: true, override: null, paused: false }, paused);
    await draft(farm.id, runId, aiRunId, [complete(typeNamed('note'), 'draft')]);
    expect(await became(runId)).toEqual([{ type: 'note', kind: 'draft', tier: 'draft' }]);
  });
});

it.each(PROTECTED_CLASSES)(
  'has no row in which the system acted on the class %s, whoever writes it',
  async (recordClass) => {
    const farm = await runs.farm();
    const type =
      types.find((one) => one.class === recordClass && one.kind === 'draft') ?? typeNamed('symptom');
    const { gates } = await runs.drafted(farm.hand, [complete(type, 'draft')]);
    const act = (as: 'class' | 'routine') =>
      database.asOwner(farm.id, (transaction) =>
        transaction.rows(
          `insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind,
           actor_user_id, authority_policy_version, ai_advisory_id, manual, proposal_hash, rationale_rule, self_confirmed, decided_at)
         select g.tenant_id, g.id, g.run_id, g.proposal_id, case $2 when 'class' then g.record_class else 'routine' end, 1, 'approve',
           'system', $3, 1, p.ai_run_id, false, g.proposal_hash, g.rationale_rule, false, app.now()
         from core.gates g join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id where g.id = $1`,
          [gates[0]?.id, as, farm.owner.userId],
        ),
      );
    // By its class a check refuses it, under another class the foreign key.
    await expect(act('class')).rejects.toMatchObject({ code: '23514' });
    await expect(act('routine')).rejects.toMatchObject({ code: '23503' });
    await expect(
      asPlatform('update core.record_types set class = $2 where name = $1', [type.name, 'routine']),
    ).rejects.toMatchObject({ code: '23503' });
  },
);

async function asPlatform(text: string, parameters: readonly unknown[] = []): Promise<void> {
  await database.asOwner('__platform__', (transaction) => transaction.rows(text, parameters));
}

const PLAIN = { complete: true, doubtful: false, reviewed: false, moreSeats: false };

function typeNamed(name: string): RegisteredType {
  const found = types.find((type) => type.name === name);
  if (found === undefined) throw new Error(`no record type ${name}`);
  return found;
}

function complete(type: RegisteredType, kind: ProposalKind): DraftItem {
  return item(kind, type.name, Object.fromEntries(type.required_fields.map((field) => [field, 'x'])), {
    ...(kind === 'manual' ? { confidence_permille: null } : {}),
  });
}

async function draft(
  tenantId: string,
  runId: string,
  aiRunId: string,
  items: readonly DraftItem[],
): Promise<void> {
  const given = { advisory: 'available', ai_run_id: aiRunId, senior: false, items };
  const answer = await runs.call('worker', tenantId, 'record_draft', runId, JSON.stringify(given));
  expect(answer.outcome).toBe('drafted');
}

/** As a row that nobody's function would have written: `set_policy` refuses auto on what is protected. */
async function setPolicy(
  by: Person,
  controls: Controls,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const names = types.map(({ name }) => name);
  const changes = {
    autonomy_tier: controls.tier,
    auto_categories: controls.listed ? names : [],
    record_autonomy:
      controls.override === null ? {} : Object.fromEntries(names.map((name) => [name, controls.override])),
    paused: controls.paused,
    set_by: by.userId,
    ...more,
  };
  await database.asOwner(by.tenantId, (transaction) =>
    transaction.rows(
      `insert into core.ai_policy_controls
       select (jsonb_populate_record(p, $2::jsonb || jsonb_build_object('version', p.version + 1))).*
       from core.ai_policy_controls p where p.tenant_id = $1 order by p.version desc limit 1`,
      [by.tenantId, JSON.stringify(changes)],
    ),
  );
}

/** Who wrote each proposal of a run, read from what is there: a system act, an open question, or neither. */
async function became(runId: string): Promise<{ type: string; kind: ProposalKind; tier: AutonomyTier }[]> {
  return await database.look(
    `select p.record_type as type, p.kind, case
         when o.outcome = 'applied' and d.actor_kind = 'system' and r.id is not null and a.status = 'confirmed' then 'auto'
         when g.id is not null and g.closed_at is null and r.id is null and a.status is distinct from 'confirmed' then 'draft'
         when g.id is null and p.outcome = 'advised' and a.status is null then 'suggest' else 'unheard of' end as tier
     from core.proposals p
       left join core.assistant_drafts a on a.tenant_id = p.tenant_id and a.proposal_id = p.id
       left join core.gates g on g.tenant_id = p.tenant_id and g.proposal_id = p.id
       left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
       left join core.decisions d on d.tenant_id = g.tenant_id and d.id = o.decision_id
       left join core.records r on r.tenant_id = p.tenant_id and r.proposal_id = p.id
     where p.run_id = $1 order by p.ordinal`,
    [runId],
  );
}

async function systemActs(classes: readonly RecordClass[]): Promise<object[]> {
  return await database.look(
    `select d.id from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
       join core.record_types t on t.name = p.record_type
     where d.actor_kind = 'system' and (d.record_class = any ($1) or t.class = any ($1))`,
    [classes],
  );
}
