import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { grant, sale, sqlRuns, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

let farm: Farm;
beforeAll(async () => {
  farm = await runs.farm();
});
afterEach(() => runs.shiftClock('0'));

const ask = (gate: GateRow, by: Person, text = 'Which buyer was it?') =>
  runs.call('api', by.tenantId, 'ask_requester', gate.id, text, by.userId);
const answer = (gate: GateRow, questionId: unknown, by: Person, text = 'The one from Ibadan.') =>
  runs.call('api', by.tenantId, 'answer_question', gate.id, questionId, text, by.userId);
const shownTo = (by: Person, gate: GateRow) =>
  runs.call<Buffer>('api', by.tenantId, 'shown_hash', gate.id, by.userId);

async function openGate(due?: { readonly due_at: string }): Promise<GateRow> {
  return (await runs.drafted(farm.hand, [sale(due)])).gates[0] as GateRow;
}

async function waitingFor(gate: GateRow): Promise<string | null> {
  const [row] = await database.as('api', farm.id, (transaction) =>
    transaction.rows<{ waiting_for: string | null }>('select waiting_for from app.gates where id = $1', [
      gate.id,
    ]),
  );
  return row?.waiting_for ?? null;
}

it('waits for the requester until it is answered, and for nobody once it is closed', async () => {
  const gate = await openGate();
  expect(await waitingFor(gate)).toBe('reviewer');
  const asked = await ask(gate, farm.owner);
  expect(asked.outcome).toBe('asked');
  expect(await waitingFor(gate)).toBe('requester');
  expect(await answer(gate, asked.id, farm.hand)).toEqual({ outcome: 'answered' });
  expect(await waitingFor(gate)).toBe('reviewer');
  const [shown] = await database.as('api', farm.id, (transaction) =>
    transaction.rows(
      `select q.asked_by, q.answered_by, c.question, c.answer
       from app.gate_questions q join app.gate_questions_content c using (tenant_id, id) where q.gate_id = $1`,
      [gate.id],
    ),
  );
  expect(shown).toEqual({
    asked_by: farm.owner.userId,
    answered_by: farm.hand.userId,
    question: 'Which buyer was it?',
    answer: 'The one from Ibadan.',
  });
  await ask(gate, farm.owner);
  await runs.decide(farm.owner, gate, 'reject');
  expect(await waitingFor(gate)).toBeNull();
});

it('tells the chain that there were question and answer, by commitments and without a word of them', async () => {
  const gate = await openGate();
  const asked = await ask(gate, farm.owner);
  await answer(gate, asked.id, farm.hand);
  const events = await database.look<{ type: string; actor_user_id: string; payload: string }>(
    "select type, actor_user_id, payload from core.audit_log where run_id = $1 and type like 'gate.%' order by seq",
    [gate.run_id],
  );
  expect(events.map((event) => [event.type, event.actor_user_id])).toEqual([
    ['gate.asked', farm.owner.userId],
    ['gate.answered', farm.hand.userId],
  ]);
  const question = await runs.row('gate_questions', { id: asked.id });
  const content = await runs.row('contents', { id: question.question_content_id });
  expect(events[0]?.payload).toContain((content.commitment as Buffer).toString('hex'));
  for (const { payload } of events) expect(payload).not.toMatch(/buyer|Ibadan/);
});

describe('a verdict on the view before', () => {
  it.each([
    ['a question', 1],
    ['an answer', 2],
  ])('%s is stale, and told that the questions have changed', async (_what, exchanges) => {
    const gate = await openGate();
    let shown = await shownTo(farm.owner, gate);
    const asked = await ask(gate, farm.owner);
    if (exchanges === 2) {
      shown = await shownTo(farm.owner, gate);
      await answer(gate, asked.id, farm.hand);
    }
    expect(await runs.store(farm.owner, gate, 'approve', { shown })).toMatchObject({
      outcome: 'refused',
      code: 'gate_changed',
      changed: ['questions', 'shown_hash'],
    });
    expect(await runs.store(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'stored' });
  });

  it('both another seat and a question came after names both', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const { gates } = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
    const [gate] = gates as [GateRow];
    const shown = await shownTo(second, gate);
    const words = { rationale: 'Seen.', disposition: 'grant' };
    await ask(gate, first);
    await runs.decide(first, gate, 'approve', words);
    expect(await runs.store(second, gate, 'approve', { ...words, shown })).toMatchObject({
      changed: ['decisions', 'questions', 'shown_hash'],
    });
  });
});

it('holds nothing back: the clocks run on, and whoever knows enough decides', async () => {
  const gate = await openGate();
  const before = await runs.row('gates', { id: gate.id });
  const asked = await ask(gate, farm.owner);
  const after = await runs.row('gates', { id: gate.id });
  expect([after.due_at, after.version]).toEqual([before.due_at, before.version]);
  await runs.shiftClock('25 hours');
  expect(await answer(gate, asked.id, farm.hand)).toMatchObject({ code: 'gate_late' });
  const expired = await runs.call('worker', farm.id, 'tick_gate', gate.id);
  expect(expired).toMatchObject({ gate_outcome: 'expired' });
  await runs.shiftClock('0');
  const other = await openGate();
  await ask(other, farm.owner);
  expect(await runs.decide(farm.owner, other, 'approve')).toMatchObject({ outcome: 'applied' });
});

describe('is refused', () => {
  it('to who could not decide, a second time at once, without words, and after the end', async () => {
    const gate = await openGate();
    expect(await ask(gate, farm.hand)).toMatchObject({ code: 'role_missing' });
    expect(await ask(gate, farm.owner, ' — ')).toMatchObject({ code: 'rationale_empty' });
    const rival = await addMember(database, farm.id, ['reviewer']);
    const both = await Promise.all([ask(gate, farm.owner), ask(gate, rival)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['asked', 'refused']);
    expect(both.find(({ outcome }) => outcome === 'refused')).toMatchObject({ code: 'question_open' });
    const asked = both.find(({ outcome }) => outcome === 'asked');
    await runs.decide(farm.owner, gate, 'reject');
    expect(await ask(gate, rival)).toMatchObject({ code: 'gate_closed', now: { gate_outcome: 'rejected' } });
    expect(await answer(gate, asked?.id, farm.hand)).toMatchObject({ code: 'gate_closed' });
  });

  it('as an answer by another requester, by who asked the question, twice, or to another gate’s question', async () => {
    const gate = await openGate();
    const other = await openGate();
    const asked = await ask(gate, farm.owner);
    const stranger = await addMember(database, farm.id, ['requester']);
    expect(await answer(gate, asked.id, stranger)).toMatchObject({ code: 'not_the_requester' });
    expect(await answer(gate, asked.id, farm.owner)).toMatchObject({ code: 'not_the_requester' });
    expect(await answer(other, asked.id, farm.hand)).toMatchObject({ code: 'question_not_found' });
    expect(await answer(gate, randomUUID(), farm.hand)).toMatchObject({ code: 'question_not_found' });
    const answers = await Promise.all([answer(gate, asked.id, farm.hand), answer(gate, asked.id, farm.hand)]);
    expect(answers.map(({ outcome, code }) => code ?? outcome).sort()).toEqual([
      'answered',
      'question_answered',
    ]);
  });

  it('across tenants, whoever’s key is presented', async () => {
    const { hospital } = runs.world;
    const gate = await openGate();
    const asked = await ask(gate, farm.owner);
    expect(await ask(gate, hospital.senior)).toMatchObject({ code: 'gate_not_found' });
    expect(await answer(gate, asked.id, hospital.staff)).toMatchObject({ code: 'gate_not_found' });
    const named = ['answer_question', gate.id, asked.id, 'x', farm.hand.userId] as const;
    expect(await stateOf(runs.call('api', hospital.id, ...named))).toBe('ZC012');
    expect(await runs.count('gate_answers', { gate_id: gate.id })).toBe(0);
  });
});
