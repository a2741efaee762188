import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { inActivity, note, output, proposal, steps, type Farm } from './support/steps';

const database = testDatabase();
const world = steps(database);
const NOTE = note('12 broilers died in House 3, we sold 30 crates of eggs for ₦45,000');
const DEATHS = proposal('mortality', { count: 12, occurred_on: '2025-11-10', place: 'House 3' });
let farm: Farm;

beforeEach(async () => {
  farm = await world.farm();
});

async function judged(answer: unknown, advisorAsked = false) {
  const runId = await world.answered(farm.hand, NOTE, answer);
  const judgement = await world.activities.evaluate({ tenantId: farm.id, runId, advisorAsked });
  return { runId, judgement, run: await world.run(runId), evals: await evals(runId) };
}

async function evals(runId: string) {
  return await database.look<{ ordinal: number; name: string; verdict: string; severity: string }>(
    'select ordinal, name, verdict, severity from core.ai_evals where run_id = $1 order by ordinal, name',
    [runId],
  );
}

test('looks at every proposal with every eval of the purpose, once', async () => {
  const { runId, judgement, run, evals: rows } = await judged(output([DEATHS, DEATHS]));
  expect(judgement).toEqual({ outcome: 'evaluated', routing: 'reviewer' });
  const purpose = world.world.registry.purpose('farm.record', 1);
  expect(rows).toHaveLength(2 * purpose.evals.length);
  expect(rows.every(({ verdict }) => verdict === 'pass')).toBe(true);
  expect(run).toMatchObject({ step: 'draft', confidence_permille: 1000 });
  await world.activities.evaluate({ tenantId: farm.id, runId, advisorAsked: false });
  expect(await evals(runId)).toEqual(rows);
});

test('a number that the note does not state is blocked', async () => {
  const invented = proposal('mortality', { count: 13, occurred_on: '2025-11-10' });
  const { evals: rows } = await judged(output([DEATHS, invented]));
  const failed = rows.filter(({ verdict }) => verdict === 'fail');
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.every(({ ordinal, severity }) => ordinal === 1 && severity === 'block')).toBe(true);
});

describe('an answer that does not fit the purpose is blocked as a whole', () => {
  test.each<[string, unknown]>([
    ['no proposals', {}],
    ['a list', []],
    ['a text', 'All is well'],
    ['null', null],
    ['a member too many', { ...output([DEATHS]), verdict: 'approve' }],
    ['21 proposals', output(Array.from({ length: 21 }, () => DEATHS))],
    ['a payload that is a list', output([proposal('note', [] as unknown as Record<string, unknown>)])],
    ['a confidence in words', output([DEATHS], { confidence_permille: 'high' })],
    ['no origin', output([DEATHS], { confidence_origin: undefined })],
  ])('%s', async (_name, answer) => {
    // The local provider takes null for an abstention, so it is said in another way.
    const { judgement, run, evals: rows } = await judged(answer ?? { nothing: null });
    expect(judgement).toEqual({ outcome: 'evaluated', routing: 'reviewer' });
    expect(rows).toEqual([{ ordinal: 0, name: 'output_conforms', verdict: 'fail', severity: 'block' }]);
    expect(run).toMatchObject({ step: 'draft', confidence_permille: 0 });
  });
});

test('20 proposals are looked at', async () => {
  const { evals: rows } = await judged(output(Array.from({ length: 20 }, () => DEATHS)));
  expect(new Set(rows.map(({ ordinal }) => ordinal)).size).toBe(20);
});

test.each([1001, 5000, -1, 0.5, 1e308])('a confidence of %p is none, and blocked', async (confidence) => {
  const { run, evals: rows } = await judged(output([DEATHS], { confidence_permille: confidence }));
  expect(run).toMatchObject({ confidence_permille: 0 });
  expect(rows).toContainEqual({
    ordinal: 0,
    name: 'farm.confidence_in_range',
    verdict: 'fail',
    severity: 'block',
  });
});

test('nothing to record is nothing to route, whatever the confidence', async () => {
  await changePolicy(database, farm.owner, { confidence_threshold_permille: 900 });
  const { judgement, evals: rows } = await judged(output([], { confidence_permille: 0 }));
  expect(judgement).toEqual({ outcome: 'evaluated', routing: 'reviewer' });
  expect(rows).toEqual([]);
});

test('a farm without an advisor has nobody above the reviewer to ask', async () => {
  await changePolicy(database, farm.owner, { confidence_threshold_permille: 900 });
  const { judgement } = await judged(output([DEATHS], { confidence_permille: 500 }));
  expect(judgement.routing).toBe('reviewer');
});

test('a run that was withdrawn or has ended is told so', async () => {
  const runId = await world.answered(farm.hand, NOTE, output([DEATHS]));
  const request = { tenantId: farm.id, runId, advisorAsked: false };
  await database.as('api', farm.id, (transaction) =>
    transaction.value('select app.withdraw_run($1, $2)', [runId, farm.hand.userId]),
  );
  expect(await world.activities.evaluate(request)).toMatchObject({ outcome: 'closed' });
  await world.activities.audit({ tenantId: farm.id, runId, code: 'run_withdrawn' });
  expect(await world.activities.evaluate(request)).toMatchObject({ outcome: 'closed' });
});

describe('low confidence', () => {
  async function privileging() {
    const { hospital, registry } = world.world;
    const purpose = registry.purpose('credentialing.privileging', 1);
    const input = structuredClone(purpose.example) as { facts: unknown[] };
    // Nothing is verified, so nothing is certain.
    input.facts = [];
    const runId = await world.scrubbed(hospital.staff, purpose.name, input);
    const reference = { tenantId: hospital.id, runId };
    await inActivity(() => world.activities.invoke({ ...reference, kind: 'primary' }));
    return { reference, hospital };
  }

  test('asks the advisor, and still low, the senior', async () => {
    const { reference } = await privileging();
    expect(await world.activities.evaluate({ ...reference, advisorAsked: false })).toEqual({
      outcome: 'evaluated',
      routing: 'advisor',
    });
    await inActivity(() => world.activities.invoke({ ...reference, kind: 'advisor' }));
    expect(await world.activities.evaluate({ ...reference, advisorAsked: true })).toEqual({
      outcome: 'evaluated',
      routing: 'senior',
    });
    const answers = await database.look<{ kind: string }>(
      `select distinct c.kind from core.ai_evals e join core.ai_runs c on c.id = e.ai_run_id where e.run_id = $1`,
      [reference.runId],
    );
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['advisor', 'primary']);
  });

  test('goes to the senior with the primary answer when the advisor could not be asked', async () => {
    const { reference } = await privileging();
    await world.activities.evaluate({ ...reference, advisorAsked: false });
    await world.activities.giveUp({ ...reference, kind: 'advisor', code: 'model_unavailable' });
    expect(await world.activities.evaluate({ ...reference, advisorAsked: true })).toEqual({
      outcome: 'evaluated',
      routing: 'senior',
    });
  });
});
