import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { item, note, sqlRuns, type Answer, type DraftItem, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

interface Seats {
  readonly seats: number;
  readonly seat_roles: readonly string[] | null;
  readonly roles: readonly string[];
}

interface Staffed extends Farm {
  readonly clerk: Person;
  readonly senior: Person;
  /** Reviewer and senior in one. */
  readonly both: Person;
}

const RULES = [{ record_type: 'expense', from_minor: '500000', seats: 2, roles: ['senior'] }];

async function staffed(rules: readonly object[] = RULES): Promise<Staffed> {
  const farm = await runs.farm();
  const clerk = await addMember(database, farm.id, ['reviewer']);
  const senior = await addMember(database, farm.id, ['senior']);
  const both = await addMember(database, farm.id, ['reviewer', 'senior']);
  await changePolicy(database, farm.owner, { seat_rules: rules });
  return { ...farm, clerk, senior, both };
}

const payload = (minor: unknown, currency: unknown = 'NGN'): Record<string, unknown> => ({
  item: 'feed',
  total_minor: minor,
  currency,
  occurred_on: '2026-11-10',
});

const expense = (minor: unknown, changes: Partial<DraftItem> = {}, currency?: unknown): DraftItem =>
  item('draft', 'expense', payload(minor, currency), changes);

async function open(farm: Farm, drafted: DraftItem): Promise<GateRow & Seats> {
  const { gates } = await runs.drafted(farm.hand, [drafted]);
  return gates[0] as GateRow & Seats;
}

const present = async (farm: Farm, gate: GateRow): Promise<GateRow & Seats> => {
  const gates = await runs.gates(farm.id, gate.run_id);
  return gates.find(({ id }) => id === gate.id) as GateRow & Seats;
};

const ONE = { seats: 1, seat_roles: null, roles: ['reviewer'] };
const TWO = { seats: 2, seat_roles: ['reviewer', 'senior'], roles: ['reviewer', 'senior'] };

describe('the seats of a gate', () => {
  let farm: Staffed;
  beforeAll(async () => {
    farm = await staffed();
  });

  it.each<readonly [string, DraftItem, typeof ONE | typeof TWO]>([
    ['one below the threshold', expense('499999'), ONE],
    ['two from it on', expense('500000'), TWO],
    ['two far above it', expense('999999999999999999'), TWO],
    ['two in another currency', expense('1', {}, 'USD'), TWO],
    ['two without a currency', expense('1', {}, null), TWO],
    ['two without an amount', expense(null), TWO],
    ['two for what is no amount', expense('1e3'), TWO],
    ['one of a type without a rule', note(), ONE],
  ])('are %s', async (_what, drafted, seats) => {
    expect(await open(farm, drafted)).toMatchObject(seats);
  });

  it('ask a senior each where the model was unsure and its advisor too', async () => {
    const { runId, aiRunId } = await runs.answered(farm.hand);
    const draft = { advisory: 'available', ai_run_id: aiRunId, senior: true, items: [expense('500000')] };
    await runs.call('worker', farm.id, 'record_draft', runId, JSON.stringify(draft));
    expect((await runs.gates(farm.id, runId))[0]).toMatchObject({
      seats: 2,
      seat_roles: null,
      roles: ['senior'],
    });
  });

  it('are decided by people where the system would otherwise act', async () => {
    const rule = { record_type: 'note', from_minor: '0', seats: 2, roles: [] };
    const auto = { autonomy_tier: 'auto', auto_categories: ['note'] };
    const own = await staffed([rule]);
    await changePolicy(database, own.owner, auto);
    expect(await open(own, note())).toMatchObject({ seats: 2, outcome: null });
    await changePolicy(database, own.owner, { ...auto, seat_rules: [] });
    expect(await open(own, note())).toMatchObject({ seats: 1, outcome: 'applied' });
  });
});

describe('who fills seats of different roles', () => {
  let farm: Staffed;
  beforeAll(async () => {
    farm = await staffed();
  });

  it.each<readonly [string, keyof Staffed, keyof Staffed]>([
    ['a reviewer and a senior', 'clerk', 'senior'],
    ['a senior and a reviewer', 'senior', 'clerk'],
    ['whoever is both, before a reviewer', 'both', 'clerk'],
    ['whoever is both, before a senior', 'both', 'senior'],
    ['whoever is both, after a reviewer', 'clerk', 'both'],
  ])('%s', async (_what, first, second) => {
    const gate = await open(farm, expense('600000'));
    await runs.decide(farm[first] as Person, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: null });
    await runs.decide(farm[second] as Person, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
    expect(await runs.count('records', { gate_id: gate.id })).toBe(1);
  });

  it('not two reviewers, nor one person twice', async () => {
    const gate = await open(farm, expense('600000'));
    await runs.decide(farm.clerk, gate, 'approve');
    expect(await runs.store(farm.owner, gate, 'approve')).toMatchObject({ code: 'seat_of_role_taken' });
    expect(await runs.store(farm.clerk, gate, 'approve')).toMatchObject({ code: 'seat_taken' });
  });

  it('not two reviewers whose verdicts were both stored before either was applied', async () => {
    const gate = await open(farm, expense('600000'));
    const stored: Answer[] = [];
    for (const person of [farm.clerk, farm.owner]) stored.push(await runs.store(person, gate, 'approve'));
    await runs.apply(farm.id, stored[0]?.intent_id);
    expect(await runs.apply(farm.id, stored[1]?.intent_id)).toMatchObject({
      outcome: 'conflict',
      code: 'seat_of_role_taken',
    });
  });

  it('nor by anything that writes past the functions', async () => {
    const gate = await open(farm, expense('600000'));
    const { decision_id: decisionId } = await runs.decide(farm.clerk, gate, 'approve');
    const { intent_id: intentId } = await runs.row('decisions', { id: decisionId });
    const forged = database.asOwner(farm.id, async (transaction) => {
      const copied = async (
        table: string,
        from: unknown,
        changes: Readonly<Record<string, unknown>>,
      ): Promise<void> => {
        const columns = await transaction.value<string[]>(
          `select array_agg(column_name::text) from information_schema.columns
           where table_schema = 'core' and table_name = $1 and is_generated = 'NEVER'`,
          [table],
        );
        const values = columns.map((name) => (name in changes ? `'${String(changes[name])}'` : `t.${name}`));
        await transaction.rows(
          `insert into core.${table} (${columns.join(', ')}) select ${values.join(', ')} from core.${table} t where t.id = $1`,
          [from],
        );
      };
      const actor = { id: gate.id, actor_user_id: farm.owner.userId };
      await copied('intents', intentId, actor);
      await copied('decisions', decisionId, { ...actor, intent_id: gate.id });
      await transaction.rows(
        `select core.close_gate(g, 'approved', $2, 'human', $1) from core.gates g where g.id = $2`,
        [farm.owner.userId, gate.id],
      );
    });
    expect(await stateOf(forged)).toBe('ZC009');
  });

  it('whoever time has added sits on any seat', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const gate = await open(
      farm,
      expense('600000', { instants: [{ kind: 'escalation', at, role: 'admin' }] }),
    );
    await runs.shiftClock('2 hours');
    await runs.call('worker', farm.id, 'tick_gate', gate.id);
    expect((await present(farm, gate)).roles).toEqual(['reviewer', 'senior', 'admin']);
    await runs.decide(farm.clerk, gate, 'approve');
    await runs.decide(farm.owner, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
    await runs.shiftClock('0');
  });

  it('after an escalation, people of the next role on every seat', async () => {
    const gate = await open(farm, expense('600000'));
    await runs.decide(farm.clerk, gate, 'escalate');
    expect(await present(farm, gate)).toMatchObject({
      version: 2,
      seats: 2,
      seat_roles: null,
      roles: ['senior'],
    });
  });
});

describe('an edit', () => {
  let farm: Staffed;
  beforeAll(async () => {
    farm = await staffed();
  });

  it('over a threshold is no approval: the gate asks more from then on, of every seat the same record', async () => {
    const gate = await open(farm, expense('400000'));
    const raising = { edits: payload('600000') };
    expect(await runs.store(farm.clerk, gate, 'approve', raising)).toMatchObject({
      outcome: 'raised',
      code: 'seats_raised',
      now: { gate_version: 2 },
    });
    const raised = await present(farm, gate);
    expect(raised).toMatchObject({ version: 2, ...TWO });
    expect(await runs.store(farm.clerk, gate, 'approve')).toMatchObject({ code: 'gate_changed' });
    await runs.decide(farm.clerk, raised, 'approve', raising);
    expect(await present(farm, gate)).toMatchObject({ outcome: null });
    for (const other of [{}, { edits: payload('700000') }, { edits: payload('100') }])
      expect(await runs.store(farm.senior, raised, 'approve', other)).toMatchObject({ code: 'edits_differ' });
    await runs.decide(farm.senior, raised, 'approve', raising);
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
    const record = await runs.row('records', { gate_id: gate.id });
    const content = await runs.row('contents', { id: record.content_id });
    expect(String(content.bytes)).toContain('600000');
    expect(await runs.events(gate.run_id)).toContain('gate.raised');
  });

  it('into another currency counts as more than any threshold', async () => {
    const gate = await open(farm, expense('1'));
    const edits = payload('2', 'USD');
    expect(await runs.store(farm.clerk, gate, 'approve', { edits })).toMatchObject({ outcome: 'raised' });
  });

  it('below a threshold asks no less than the gate did', async () => {
    const gate = await open(farm, expense('600000'));
    await runs.decide(farm.clerk, gate, 'approve', { edits: payload('1') });
    expect(await present(farm, gate)).toMatchObject({ version: 1, ...TWO, outcome: null });
  });

  it('below it, and of a type without a rule, is one verdict', async () => {
    const gate = await open(farm, expense('400000'));
    await runs.decide(farm.clerk, gate, 'approve', { edits: payload('499999') });
    expect(await present(farm, gate)).toMatchObject({ version: 1, outcome: 'approved' });
  });

  it('that is the whole record of a manual gate asks what its own amount does', async () => {
    const manual = item('manual', 'sale', { by_hand: true }, { confidence_permille: null });
    const gate = await open(farm, manual);
    const words = { recordType: 'expense', edits: payload('600000') };
    expect(gate).toMatchObject(ONE);
    expect(await runs.store(farm.clerk, gate, 'approve', words)).toMatchObject({ outcome: 'raised' });
    const raised = await present(farm, gate);
    await runs.decide(farm.clerk, raised, 'approve', words);
    expect(await present(farm, gate)).toMatchObject({ ...TWO, outcome: null });
    await runs.decide(farm.senior, raised, 'approve', words);
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
  });

  it('that a changed rule has overtaken between its storing and its applying is a conflict', async () => {
    const own = await staffed([]);
    const gate = await open(own, expense('400000'));
    const stored = await runs.store(own.clerk, gate, 'approve', { edits: payload('600000') });
    await changePolicy(database, own.owner, { seat_rules: RULES });
    const applied = await runs.apply(own.id, stored.intent_id);
    expect(applied.outcome).toBe('conflict');
    expect(['seats_raised', 'gate_changed']).toContain(applied.code);
    expect(await present(own, gate)).toMatchObject({ outcome: null });
    expect(await runs.count('records', { gate_id: gate.id })).toBe(0);
  });
});

describe('a tenant’s rules of seats', () => {
  const save = async (farm: Farm, rules: unknown): Promise<unknown> =>
    await changePolicy(database, farm.owner, { seat_rules: rules }).then(
      () => 'saved',
      (error: unknown) => (error as Error).message.replace('the policy was refused: ', ''),
    );

  it.each<readonly [string, unknown]>([
    ['of a type that there is not', [{ record_type: 'unicorn', from_minor: '0', seats: 1, roles: [] }]],
    [
      'from an amount on, of a type without one',
      [{ record_type: 'note', from_minor: '1', seats: 1, roles: [] }],
    ],
    [
      'with more roles than seats',
      [{ record_type: 'expense', from_minor: '1', seats: 1, roles: ['senior', 'admin'] }],
    ],
    ['of ten seats', [{ record_type: 'expense', from_minor: '1', seats: 10, roles: [] }]],
    ['of no seat', [{ record_type: 'expense', from_minor: '1', seats: 0, roles: [] }]],
    [
      'of ten seats together',
      [
        { record_type: 'expense', from_minor: '1', seats: 5, roles: Array(5).fill('senior') },
        { record_type: 'expense', from_minor: '2', seats: 5, roles: Array(5).fill('admin') },
      ],
    ],
    [
      'of a role that decides nothing',
      [{ record_type: 'expense', from_minor: '1', seats: 1, roles: ['auditor'] }],
    ],
    ['from less than nothing', [{ record_type: 'expense', from_minor: '-1', seats: 1, roles: [] }]],
    ['from a number', [{ record_type: 'expense', from_minor: 1, seats: 1, roles: [] }]],
    ['with words beside', [{ record_type: 'expense', from_minor: '1', seats: 1, roles: [], why: 'so' }]],
    ['that are none', { seats: 2 }],
  ])('are refused: %s', async (_what, rules) => {
    expect(await save(await runs.farm(), rules)).toBe('seat_rules_invalid');
  });

  it('are refused when nobody could meet them, and whoever they need stays', async () => {
    const farm = await runs.farm();
    expect(await save(farm, RULES)).toBe('policy_unsatisfiable');
    const senior = await addMember(database, farm.id, ['senior']);
    expect(await save(farm, RULES)).toBe('saved');
    const gone = [senior.userId, 'Somebody', 'person', ['senior'], false, farm.owner.userId];
    expect(await runs.call('api', farm.id, 'set_member', ...gone)).toMatchObject({
      code: 'policy_unsatisfiable',
    });
  });

  it('stay when a policy is saved that does not speak of them', async () => {
    const farm = await staffed();
    const [policy] = await database.look<Record<string, unknown>>(
      'select * from core.ai_policy_controls where tenant_id = $1 order by version desc limit 1',
      [farm.id],
    );
    const {
      seat_rules: _rules,
      blind_first_protected: _blind,
      daily_token_budget_nano_usd: budget,
      ...rest
    } = policy ?? {};
    const text = JSON.stringify({ ...rest, daily_token_budget_nano_usd: String(budget), reason: 'again' });
    const saved = await runs.call('api', farm.id, 'set_policy', text, policy?.version, farm.owner.userId);
    expect(saved.outcome).toBe('saved');
    expect(await open(farm, expense('600000'))).toMatchObject(TWO);
  });
});
