import { testDatabase } from '../support/database';
import { hashOf, prompt, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const token = (name: string) => ({ token: `<person_token_${name}>`, kind: 'person', sealed_value: 'abcd' });
const scrubbed = (tokens: readonly object[]) =>
  JSON.stringify({
    prompt: 'p',
    primary_call_key: hashOf('a').toString('hex'),
    advisor_call_key: null,
    tokens,
  });

it('stores prompt, keys and tokens once, and keeps the first', async () => {
  const { farm } = runs.world;
  const runId = await runs.reserved(farm.hand);
  expect(
    await runs.call('worker', farm.id, 'store_prompt', runId, scrubbed([token('aaaabbbbccccdddd')])),
  ).toEqual({ outcome: 'stored' });
  expect(await runs.call('worker', farm.id, 'store_prompt', runId, prompt('another'))).toEqual({
    outcome: 'kept',
  });
  expect(await runs.row('runs', { id: runId })).toMatchObject({
    step: 'invoke',
    prompt_call_key: hashOf('a'),
    advisor_call_key: null,
  });
  expect(await runs.count('scrub_tokens', { run_id: runId })).toBe(1);
  expect(await runs.count('contents', { run_id: runId, kind: 'prompt' })).toBe(1);
});

it('stores one of two at once', async () => {
  const { farm } = runs.world;
  const runId = await runs.reserved(farm.hand);
  const answers = await Promise.all(
    [1, 2, 3].map((n) => runs.call('worker', farm.id, 'store_prompt', runId, prompt(String(n)))),
  );
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['kept', 'kept', 'stored']);
});

it('refuses what is no token of ours, and stores nothing then', async () => {
  const { farm } = runs.world;
  const runId = await runs.reserved(farm.hand);
  const wrong = scrubbed([{ ...token('x'), token: 'Musa Bello' }]);
  expect(await stateOf(runs.call('worker', farm.id, 'store_prompt', runId, wrong))).toBe('23514');
  expect(await runs.row('runs', { id: runId })).toMatchObject({ prompt_content_id: null });
});

it('comes too late for a closed run, and knows none of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const runId = await runs.reserved(farm.hand);
  expect(await stateOf(runs.call('worker', hospital.id, 'store_prompt', runId, prompt('x')))).toBe('P0002');
  await runs.call('worker', farm.id, 'close_run', runId, 'step_failed');
  expect(await runs.call('worker', farm.id, 'store_prompt', runId, prompt('x'))).toEqual({
    outcome: 'closed',
  });
});
