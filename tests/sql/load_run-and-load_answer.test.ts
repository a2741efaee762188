import { testDatabase } from '../support/database';
import { sqlRuns, sale } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('load_run brings input, tenant, names and key to scrub, and no other tenant’s', async () => {
  const { farm, hospital } = runs.world;
  const runId = await runs.reserved(farm.hand);
  const loaded = await runs.call<Record<string, unknown>>('worker', farm.id, 'load_run', runId);
  expect(loaded).toMatchObject({
    state: 'running',
    purpose: 'farm.record',
    input: { note: 'n' },
    prompt_stored: false,
    has_passages: false,
  });
  expect(loaded).toMatchObject({ tenant: { id: farm.id, currency: 'NGN' } });
  expect(loaded.call_key_secret).toMatch(/^[0-9a-f]{64}$/);
  expect(loaded.known_names).toHaveLength(2);
  expect(await stateOf(runs.call('worker', hospital.id, 'load_run', runId))).toBe('ZC010');
});

it('load_answer brings the answer that rules, the prompt it was given and what failed', async () => {
  const { farm } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  const evals = [
    { ordinal: 0, name: 'a', version: 1, verdict: 'fail', severity: 'flag', reason: 'Something is off.' },
    { ordinal: 0, name: 'b', version: 1, verdict: 'pass', severity: 'flag', reason: 'holds' },
  ];
  await runs.call('worker', farm.id, 'record_evaluation', runId, aiRunId, 800, JSON.stringify(evals));
  expect(await runs.call('worker', farm.id, 'load_answer', runId)).toMatchObject({
    ai_run_id: aiRunId,
    kind: 'primary',
    output: '{"proposals": []}',
    withdrawn: false,
    by_hand_record_type: null,
    failed_evals: [{ name: 'a', severity: 'flag', reason: 'Something is off.' }],
  });
});

it('load_answer prefers the advisor’s', async () => {
  const { hospital } = runs.world;
  const { runId } = await runs.answered(hospital.staff, 'credentialing.privileging');
  const advisor = await runs.begin(hospital.id, runId, 'advisor');
  await runs.finish(hospital.id, advisor);
  expect(await runs.call('worker', hospital.id, 'load_answer', runId)).toMatchObject({
    ai_run_id: advisor.ai_run_id,
    kind: 'advisor',
  });
});

it('load_answer notices bytes that no longer match their commitment', async () => {
  const { farm } = runs.world;
  const { runId } = await runs.drafted(farm.hand, [sale()]);
  await database.look('alter table core.contents disable trigger user');
  await database.look('alter table core.contents drop constraint contents_check');
  await database.look("update core.contents set bytes = 'x' where run_id = $1 and kind = 'prompt'", [runId]);
  expect(await stateOf(runs.call('worker', farm.id, 'load_answer', runId))).toBe('ZC014');
});
