import { config } from '../../countersign.config';
import { createRegistry, packRows } from '../../packs/registry';
import { testDatabase } from '../support/database';
import { addMember, addTenant, type Person } from '../support/world';
import { grant, inHours, item, note, sale, sqlRuns, type DraftItem, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
const registry = createRegistry(config.packs);
const rows = packRows(registry);

type Row = Readonly<Record<string, unknown>>;
const rowOf = (list: readonly Row[], name: string): Row => list.find((row) => row.name === name) as Row;
const FARM_RECORD = registry.latestPurpose('farm.record')?.recordTypes ?? [];

async function offered(gate: GateRow): Promise<string[]> {
  const found = await database.look<{ record_type: string }>(
    'select record_type from core.gate_record_types where gate_id = $1 order by record_type collate "C"',
    [gate.id],
  );
  return found.map(({ record_type: name }) => name);
}

/** A gate without advice, as step 5 opens it. */
async function openedFor(by: Person, like: DraftItem, purpose?: string): Promise<GateRow> {
  const manual = { ...like, kind: 'manual' as const, confidence_permille: null };
  const { gates } = await runs.drafted(by, [manual], purpose);
  return gates[0] as GateRow;
}

const sold = JSON.parse(sale().payload) as object;
const noted = JSON.parse(note().payload) as object;

describe.each(['farm', 'hospital'] as const)('in a %s, of all that a farm note may be', (kind) => {
  const RANKS = { routine: 0, financial: 1, destructive: 1, clinical: 1 } as Readonly<Record<string, number>>;
  /** A hospital lets nobody decide alone about what is clinical and was asked for by the same person. */
  const isSeparated = (recordClass: string): boolean => kind === 'hospital' && recordClass === 'clinical';

  it.each(FARM_RECORD)('a gate about %s offers what asks for no more than it does', async (asked) => {
    const tenantId = kind === 'farm' ? runs.world.farm.id : runs.world.hospital.id;
    const by = await addMember(database, tenantId, ['requester']);
    const classOf = (name: string): string => registry.recordType(name)?.class ?? '';
    const gate = await openedFor(by, item('manual', asked, {}, {}));
    const expected = FARM_RECORD.filter(
      (name) =>
        (RANKS[classOf(name)] ?? 9) <= (RANKS[classOf(asked)] ?? -1) &&
        (!isSeparated(classOf(name)) || isSeparated(classOf(asked))),
    );
    expect(await offered(gate)).toEqual([...expected].sort());
    expect(expected).toContain(asked);
  });
});

describe('a record type beside the one that a gate asks about', () => {
  const base = {
    ...rowOf(rows.recordTypes, 'note'),
    class: 'credentialing',
    seats: 2,
    separation: 'second_person',
    role: 'senior',
    rationale_rule: 'text',
    dispositions: [],
    required_fields: ['text'],
    definition: { chain: [{ after: 'P1D', role: 'admin' }] },
  };
  const chain = (...roles: string[]): Row => ({ definition: { chain: roles.map((role) => ({ role })) } });
  const CASES: readonly (readonly [string, Row, Row, boolean])[] = [
    ['of equal terms', {}, {}, true],
    ['of fewer seats', {}, { seats: 1 }, true],
    ['of more seats', {}, { seats: 3 }, false],
    ['of no separation', {}, { class: 'clinical', separation: 'none' }, true],
    ['of a stronger separation', {}, { separation: 'n_of_m' }, false],
    ['of a second person, where nobody is separated', { class: 'clinical', separation: 'none' }, { class: 'clinical' }, false], // prettier-ignore
    ['whose reason is one tap', {}, { rationale_rule: 'reason_code' }, true],
    ['whose reason is in words', { rationale_rule: 'reason_code' }, {}, false],
    ['that a reviewer decides', {}, { role: 'reviewer' }, true],
    ['that a senior decides, of a reviewer’s gate', { role: 'reviewer' }, {}, false],
    ['that an admin decides', {}, { role: 'admin' }, false],
    ['that grants, where nothing is granted', {}, { dispositions: ['grant', 'deny'] }, false],
    ['that grants nothing, where something is', { dispositions: ['grant', 'deny'] }, {}, false],
    ['that grants the same', { dispositions: ['grant', 'deny'] }, { dispositions: ['deny', 'grant'] }, true],
    ['whose chain adds nobody', {}, chain(), false],
    ['whose chain adds others', {}, chain('platform_admin'), false],
    ['whose chain adds more', {}, chain('reviewer', 'admin'), true],
    ['of another class of the same rank', {}, { class: 'hiring' }, true],
    ['of a lower class', {}, { class: 'routine' }, true],
    ['of a second person’s class, where a person is enough', { class: 'financial' }, {}, false],
    ['of a protected class, where a routine one is asked about', { class: 'routine' }, { class: 'financial' }, false], // prettier-ignore
    ['that is advice', {}, { kind: 'recommendation' }, false],
  ];

  it.each(CASES)('%s', async (what, asked, beside, fits) => {
    const at = CASES.findIndex(([name]) => name === what);
    const purpose = `farm.choice_${at}`;
    const [first, second] = [`asked_${at}`, `beside_${at}`];
    await register({ ...base, ...asked, name: first }, { ...base, ...beside, name: second });
    await registerPurpose(purpose, [first, second]);
    const { farm } = runs.world;
    const instants = [{ kind: 'escalation' as const, at: inHours(1), role: 'admin' }];
    const gate = await openedFor(farm.hand, item('manual', first, {}, { instants }), purpose);
    expect(await offered(gate)).toEqual(fits ? [first, second] : [first]);

    const role = (asked.role ?? base.role) as 'senior';
    const by = await addMember(database, farm.id, [role]);
    const disposition = 'dispositions' in asked ? 'grant' : null;
    const words = { rationale: 'Seen.', disposition, edits: { text: 'x' }, recordType: second };
    expect(await runs.store(by, gate, 'approve', words)).toMatchObject(
      fits ? { outcome: 'stored' } : { outcome: 'refused', code: 'record_type_not_offered' },
    );
    expect(await runs.count('intents', { gate_id: gate.id })).toBe(fits ? 1 : 0);
  });
});

describe('an approval where there is a choice', () => {
  it('names one of the types, and writes a record of it', async () => {
    const { farm } = runs.world;
    const gate = await openedFor(farm.hand, item('manual', 'mortality', {}, {}));
    const refused = async (code: string, verdict: string, words: object): Promise<void> => {
      expect(await runs.store(farm.owner, gate, verdict, words)).toMatchObject({ outcome: 'refused', code });
      expect(await runs.count('intents', { gate_id: gate.id })).toBe(0);
    };
    await refused('record_type_required', 'approve', { edits: sold });
    await refused('record_type_not_offered', 'approve', { edits: sold, recordType: 'memory' });
    await refused('record_type_not_offered', 'approve', { edits: sold, recordType: 'unicorn' });
    await refused('record_type_not_offered', 'reject', { recordType: 'sale' });
    await refused('record_type_not_offered', 'escalate', { recordType: 'sale' });
    await refused('edits_required', 'approve', { recordType: 'sale' });
    await refused('record_incomplete', 'approve', { recordType: 'sale', edits: noted });
    const decided = await runs.decide(farm.owner, gate, 'approve', { recordType: 'sale', edits: sold });
    expect(decided).toMatchObject({ outcome: 'applied', gate: { gate_outcome: 'approved' } });
    expect(await runs.row('records', { gate_id: gate.id })).toMatchObject({ record_type: 'sale' });
    // What was asked, and under which terms, stays as it was.
    expect(await runs.row('decisions', { gate_id: gate.id })).toMatchObject({
      record_type: 'sale',
      record_class: 'destructive',
    });
    expect(await runs.row('proposals', { run_id: gate.run_id })).toMatchObject({ record_type: 'mortality' });
    const [event] = await database.look<{ body: Row }>(
      "select payload::jsonb -> 'body' as body from core.audit_log where run_id = $1 and type = 'decision.recorded'",
      [gate.run_id],
    );
    expect(event?.body).toMatchObject({ record_type: 'sale', record_class: 'destructive' });
  });

  it.each(FARM_RECORD)(
    'of a note as %s is refused while a field of that type is open',
    async (recordType) => {
      const { farm } = runs.world;
      const gate = await openedFor(farm.hand, item('manual', 'mortality', {}, {}));
      for (const open of registry.recordType(recordType)?.requiredFields ?? []) {
        const all = registry
          .recordType(recordType)
          ?.requiredFields.map((field) => [field, field === open ? null : '1']);
        const edits = Object.fromEntries(all ?? []) as object;
        expect(await runs.store(farm.owner, gate, 'approve', { recordType, edits })).toMatchObject({
          code: 'record_incomplete',
        });
      }
    },
  );

  it('is not asked for where one type is offered, and that one is named', async () => {
    const { hospital } = runs.world;
    const gate = await openedFor(hospital.staff, grant(), 'credentialing.privileging');
    expect(await offered(gate)).toEqual(['privilege_grant']);
    const words = { rationale: 'Seen.', disposition: 'grant', edits: grant().payload };
    await runs.decide(hospital.members[0], gate, 'approve', words);
    expect(await runs.row('decisions', { gate_id: gate.id })).toMatchObject({
      record_type: 'privilege_grant',
    });
  });

  it('is there neither where the model proposes nor where somebody has said as what it is recorded', async () => {
    const { owner, hand } = runs.world.farm;
    const { gates } = await runs.drafted(hand, [sale()]);
    const [gate] = gates as [GateRow];
    expect(await offered(gate)).toEqual([]);
    expect(await runs.store(owner, gate, 'approve', { recordType: 'sale' })).toMatchObject({
      code: 'record_type_not_offered',
    });
    const poor = await addTenant(
      database,
      runs.world.platformAdmin,
      'farm',
      { currency: 'NGN', timeZone: 'UTC', places: [] },
      0n,
    );
    const by = await addMember(database, poor, ['requester']);
    const refused = await runs.accept(by);
    await runs.call('worker', poor, 'reserve', refused);
    const request = ['by-hand', 'k', '{}', 'farm.record', '{}', by.userId, null, refused, 'note'];
    const { run_id: byHand } = await runs.call('api', poor, 'accept_run', ...request);
    await runs.call('worker', poor, 'reserve', byHand);
    const draft = {
      advisory: 'unavailable',
      ai_run_id: null,
      senior: false,
      items: [note({ kind: 'manual' })],
    };
    await runs.call('worker', poor, 'record_draft', byHand, JSON.stringify(draft));
    const [opened] = await runs.gates(poor, String(byHand));
    expect(opened).toMatchObject({ manual: true });
    expect(await offered(opened as GateRow)).toEqual([]);
  });

  it('is about the very person whom the run is about, by the chosen type', async () => {
    const { hospital } = runs.world;
    const like = rowOf(rows.recordTypes, 'privilege_grant');
    await register({ ...like, name: 'temporary_grant', kind: 'draft' });
    await registerPurpose(
      'credentialing.choice',
      ['privilege_grant', 'temporary_grant'],
      'credentialing.privileging',
    );
    const gate = await openedFor(hospital.staff, grant(), 'credentialing.choice');
    const words = { rationale: 'Seen.', disposition: 'grant', recordType: 'temporary_grant' };
    const edits = JSON.parse(grant().payload) as object;
    const other = { ...words, edits: { ...edits, subject_id: 'provider-2' } };
    expect(await runs.store(hospital.members[0], gate, 'approve', other)).toMatchObject({
      code: 'subject_differs',
    });
    // Whoever asked holds no seat, whatever type they would choose.
    const asks = await addMember(database, hospital.id, ['requester', 'reviewer']);
    const own = await openedFor(asks, grant(), 'credentialing.choice');
    expect(await runs.store(asks, own, 'approve', { ...words, edits })).toMatchObject({
      code: 'requester_holds_no_seat',
    });
  });
});

describe('two seats', () => {
  const PURPOSE = 'farm.two_seats';
  beforeAll(async () => {
    const like = { ...rowOf(rows.recordTypes, 'note'), seats: 2, required_fields: ['text'] };
    await register({ ...like, name: 'first_of_two' }, { ...like, name: 'second_of_two' });
    await registerPurpose(PURPOSE, ['first_of_two', 'second_of_two']);
  });
  const words = (recordType: string) => ({ recordType, edits: { text: 'x' } });

  async function opened(): Promise<{ gate: GateRow; people: [Person, Person] }> {
    const { farm } = runs.world;
    const person = async (): Promise<Person> => await addMember(database, farm.id, ['reviewer']);
    return {
      gate: await openedFor(farm.hand, item('manual', 'first_of_two', {}, {}), PURPOSE),
      people: [await person(), await person()],
    };
  }

  it('name the same type, and the second is told what the first one named', async () => {
    const { gate, people } = await opened();
    const before = await runs.call<Buffer>(
      'api',
      runs.world.farm.id,
      'shown_hash',
      gate.id,
      people[1].userId,
    );
    await runs.decide(people[0], gate, 'approve', words('second_of_two'));
    const after = await runs.call<Buffer>('api', runs.world.farm.id, 'shown_hash', gate.id, people[1].userId);
    expect(after).not.toEqual(before);
    expect(await runs.store(people[1], gate, 'approve', words('first_of_two'))).toMatchObject({
      code: 'record_type_differs',
      now: { record_type: 'second_of_two' },
    });
    expect(await runs.decide(people[1], gate, 'approve', words('second_of_two'))).toMatchObject({
      outcome: 'applied',
      gate: { gate_outcome: 'approved' },
    });
    expect(await runs.row('records', { gate_id: gate.id })).toMatchObject({ record_type: 'second_of_two' });
  });

  it('that were both stored before either was applied: the second is a conflict', async () => {
    const { gate, people } = await opened();
    const first = await runs.store(people[0], gate, 'approve', words('first_of_two'));
    const second = await runs.store(people[1], gate, 'approve', words('second_of_two'));
    expect(await runs.apply(runs.world.farm.id, first.intent_id)).toMatchObject({ outcome: 'applied' });
    expect(await runs.apply(runs.world.farm.id, second.intent_id)).toMatchObject({
      outcome: 'conflict',
      code: 'record_type_differs',
    });
    expect(await runs.count('records', { gate_id: gate.id })).toBe(0);
  });
});

describe('the database itself refuses', () => {
  it('to call a gate approved by two people who approve different types', async () => {
    const { farm } = runs.world;
    const like = { ...rowOf(rows.recordTypes, 'note'), seats: 2, required_fields: ['text'] };
    await register({ ...like, name: 'one_thing' }, { ...like, name: 'another_thing' });
    await registerPurpose('farm.two_things', ['one_thing', 'another_thing']);
    const gate = await openedFor(farm.hand, item('manual', 'one_thing', {}, {}), 'farm.two_things');
    const second = await addMember(database, farm.id, ['reviewer']);
    const [one, another] = [
      await runs.store(farm.owner, gate, 'approve', { recordType: 'one_thing', edits: noted }),
      await runs.store(second, gate, 'approve', { recordType: 'another_thing', edits: noted }),
    ];
    await runs.apply(farm.id, one.intent_id);
    const kept = `tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, manual, proposal_hash,
      shown_hash, reason_code, rationale_rule, edits_content_id, self_confirmed, decided_at`;
    const decision = `insert into core.decisions (${kept}, intent_id, actor_user_id, record_type)
      select ${kept}, $2::uuid, $3::uuid, $4::text from core.decisions where gate_id = $1 returning id`;
    const approved = `insert into core.gate_outcomes (tenant_id, gate_id, outcome, decision_id, actor_kind, actor_user_id, at)
      values (app.tenant(), $1, 'approved', $2, 'human', $3, app.now())`;
    const closed = (recordType: string) =>
      stateOf(
        database.asOwner(farm.id, async (transaction) => {
          const values = [gate.id, another.intent_id, second.userId, recordType];
          const [row] = await transaction.rows<{ id: string }>(decision, values);
          await transaction.rows(approved, [gate.id, row?.id, second.userId]);
          throw Object.assign(new Error('taken back'), { code: 'taken back' });
        }),
      );
    expect(await closed('another_thing')).toBe('ZC009');
    expect(await closed('one_thing')).toBe('taken back');
  });

  const asOwner = async (tenantId: string, text: string, ...values: unknown[]): Promise<string | undefined> =>
    await stateOf(database.asOwner(tenantId, (transaction) => transaction.rows(text, values)));
  const OFFER =
    'insert into core.gate_record_types (tenant_id, gate_id, record_type) values (app.tenant(), $1, $2)';

  it('to offer what does not fit, at a gate with a proposal, or after a verdict', async () => {
    const { farm } = runs.world;
    const routine = await openedFor(farm.hand, note());
    expect(await asOwner(farm.id, OFFER, routine.id, 'sale')).toBe('ZC013');
    const { gates } = await runs.drafted(farm.hand, [sale()]);
    expect(await asOwner(farm.id, OFFER, gates[0]?.id, 'note')).toBe('ZC013');
    expect(await asOwner(farm.id, OFFER, routine.id, 'memory')).toBeUndefined();
    await runs.store(farm.owner, routine, 'reject');
    expect(await asOwner(farm.id, OFFER, routine.id, 'recommendation')).toBe('ZC013');
  });

  it('a verdict on a type that the gate does not offer', async () => {
    const { farm } = runs.world;
    const gate = await openedFor(farm.hand, note());
    const stored = await runs.store(farm.owner, gate, 'approve', { recordType: 'note', edits: noted });
    const again = `insert into core.intents
      select (jsonb_populate_record(i, jsonb_build_object('id', app.new_id()) || $2)).* from core.intents i where id = $1`;
    expect(await asOwner(farm.id, again, stored.intent_id, { record_type: 'sale' })).toBe('23503');
    expect(
      await asOwner(farm.id, again, stored.intent_id, { verdict: 'reject', edits_content_id: null }),
    ).toBe('23514');
  });

  it('a record of another type than its decision names', async () => {
    const { farm } = runs.world;
    const { gates } = await runs.drafted(farm.hand, [note()]);
    const gate = gates[0] as GateRow;
    await runs.decide(farm.owner, gate, 'reject');
    const written = `insert into core.records (tenant_id, decision_id, gate_id, run_id, proposal_id, record_type, content_id, content_hash, written_at)
      select d.tenant_id, d.id, d.gate_id, d.run_id, d.proposal_id, $2, p.payload_content_id, p.hash, app.now()
      from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id where d.gate_id = $1`;
    expect(await asOwner(farm.id, written, gate.id, 'task')).toBe('ZC013');
  });
});

async function register(...types: readonly Row[]): Promise<void> {
  for (const type of types) await registered('record_type', type);
}

async function registerPurpose(name: string, types: readonly string[], like = 'farm.record'): Promise<void> {
  const row = rowOf(rows.purposes, like);
  await registered('purpose', { ...row, name, record_types: types, manual_record_type: types[0] });
}

async function registered(kind: 'purpose' | 'record_type', row: Row): Promise<void> {
  const hash = Buffer.from(JSON.stringify(row)).toString('hex').slice(0, 64);
  const answer = await database.asOwner('__platform__', (transaction) =>
    transaction.value<{ outcome: string }>(`select app.register_${kind}($1)`, [
      JSON.stringify({ ...row, content_hash: hash }),
    ]),
  );
  if (answer.outcome === 'refused') throw new Error(`refused: ${JSON.stringify(answer)}`);
}
