import { randomUUID } from 'node:crypto';
import { ATTEMPTS_MAX } from '../../contract/model';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { ANSWERED, note, sqlRuns, type Answer, type CallAnswer, type Farm } from './support/runs';
import { stateOf } from './support/states';

/* What the database holds of a replay: an admin's act, every check of a call, and nothing that follows from it. */

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;
let runId: string;

beforeEach(async () => {
  farm = await runs.farm();
  ({ runId } = await runs.drafted(farm.hand, [note()]));
});

const ask = (key: string = randomUUID(), callId: unknown = null, run: string = runId) =>
  runs.call('api', farm.id, 'accept_replay', run, callId, key, farm.owner.userId);
const begin = (replayId: unknown) => runs.call<CallAnswer>('worker', farm.id, 'begin_replay', replayId);
const close = (replayId: unknown, result: object) =>
  runs.call('worker', farm.id, 'close_replay', replayId, JSON.stringify(result));
const asked = async (): Promise<unknown> => (await ask()).replay_id;
const stored = (replayId: unknown) => runs.row('replays', { id: replayId });
const account = () => runs.row('accounts', { tenant_id: farm.id });
const pages = async () =>
  (await database.look<{ code: string }>('select code from core.pages where tenant_id = $1', [farm.id])).map(
    ({ code }) => code,
  );
const AGREES = { fields_compared: 3, fields_differing: 0, differing: [] };
const DIFFERS = { fields_compared: 3, fields_differing: 1, differing: ['/proposals/0/payload/text'] };

async function answered(output = ANSWERED.output): Promise<unknown> {
  const replayId = await asked();
  await runs.finish(farm.id, await begin(replayId), { ...ANSWERED, output });
  return replayId;
}

it('is one for a key, of the call that rules, by an admin', async () => {
  const key = randomUUID();
  const first = await ask(key);
  expect(first.outcome).toBe('accepted');
  expect(await ask(key)).toEqual({ outcome: 'replayed', replay_id: first.replay_id });
  const call = await runs.row('ai_runs', { run_id: runId, kind: 'primary' });
  expect(await ask(key, call.id)).toMatchObject({ outcome: 'replayed' });
  expect(await ask(key, randomUUID())).toEqual({ outcome: 'refused', code: 'key_reused' });
  expect(await stored(first.replay_id)).toMatchObject({ call_id: call.id, requested_by: farm.owner.userId });
  const both = await Promise.all([1, 2].map(() => ask(`${key} again`)));
  expect(new Set(both.map(({ replay_id: id }) => id)).size).toBe(1);
  const hand = [runId, null, randomUUID(), farm.hand.userId];
  expect(await stateOf(runs.call('api', farm.id, 'accept_replay', ...hand))).toBe('ZC012');
});

it('is refused where there is no answer to compare with', async () => {
  expect(await ask(randomUUID(), null, randomUUID())).toEqual({ outcome: 'refused', code: 'run_not_found' });
  const refused = { outcome: 'refused', code: 'not_replayable' };
  expect(await ask(randomUUID(), randomUUID())).toEqual(refused);
  const atWork = await runs.answered(farm.hand);
  expect(await ask(randomUUID(), null, atWork.runId)).toEqual(refused);
});

it('holds its worst case, is charged what it cost, and takes no credit', async () => {
  const before = await account();
  const replayId = await asked();
  const call = await begin(replayId);
  expect(call).toMatchObject({ state: 'call', attempt: 1 });
  const original = await runs.row('ai_runs', { run_id: runId, kind: 'primary' });
  const claimed = await runs.row('ai_runs', { id: call.ai_run_id });
  expect(claimed).toMatchObject({
    kind: 'replay',
    parent_id: original.id,
    prompt_content_id: original.prompt_content_id,
  });
  expect((await account()).held_nano_usd).toBeGreaterThan(before.held_nano_usd as bigint);
  await runs.finish(farm.id, call);
  expect(await close(replayId, AGREES)).toEqual({ outcome: 'compared' });
  const cost = (await runs.row('ai_runs', { id: call.ai_run_id })).cost_nano_usd as bigint;
  expect(await account()).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: (before.spent_nano_usd as bigint) + cost,
    balance_credits: before.balance_credits,
  });
});

it('leaves the run as it was: its settlement, its closing event, its answer', async () => {
  const replayId = await answered('{"proposals": [], "other": true}');
  await close(replayId, DIFFERS);
  const answer = await runs.call<Record<string, unknown>>('worker', farm.id, 'load_answer', runId);
  expect(answer.kind).toBe('primary');
  const [shown] = await database.as('api', farm.id, (transaction) =>
    transaction.rows<{ calls: bigint; cost_nano_usd: bigint }>('select * from app.runs where id = $1', [
      runId,
    ]),
  );
  const original = await runs.row('ai_runs', { run_id: runId, kind: 'primary' });
  expect(shown).toMatchObject({ calls: 1n, cost_nano_usd: original.cost_nano_usd });
  await runs.call('worker', farm.id, 'settle_run', runId);
  expect(await runs.row('runs', { id: runId })).toMatchObject({ actual_credits: 1n, deducted_credits: 0n });
});

it('says exact by itself, and pages for what differs alone', async () => {
  const exact = await answered();
  expect(await stateOf(close(exact, DIFFERS))).toBe('ZC004');
  await close(exact, AGREES);
  expect(await stored(exact)).toMatchObject({ state: 'closed', outcome: 'compared', agreement: 'exact' });
  const canonical = await answered(` ${ANSWERED.output}`);
  await close(canonical, AGREES);
  expect((await stored(canonical)).agreement).toBe('canonical');
  expect(await pages()).toEqual([]);
  for (let time = 0; time < 2; time += 1) {
    const differing = await answered('{"proposals": [{}]}');
    await close(differing, DIFFERS);
    expect(await stored(differing)).toMatchObject({ agreement: 'differs', differing: DIFFERS.differing });
  }
  expect(await pages()).toEqual(['replay_differs']);
  const events = await runs.events(runId);
  expect(events.filter((type) => type === 'replay.closed')).toHaveLength(4);
  expect(await close(exact, AGREES)).toEqual({ outcome: 'closed' });
  expect(await begin(exact)).toEqual({ state: 'closed' });
});

it('asks nobody when policy, matrix or budget refuse today, and says so once', async () => {
  const replayId = await asked();
  await changePolicy(database, farm.owner, { paused_purposes: ['farm.record'] });
  expect(await begin(replayId)).toEqual({ state: 'closed' });
  expect(await stored(replayId)).toMatchObject({
    outcome: 'refused',
    code: 'purpose_paused',
    replay_call_id: null,
  });
  expect(await runs.events(runId)).toContain('policy_violation');
  await changePolicy(database, farm.owner, { paused_purposes: [], daily_token_budget_nano_usd: '1' });
  const unpaid = await asked();
  expect(await begin(unpaid)).toEqual({ state: 'closed' });
  expect(await stored(unpaid)).toMatchObject({ outcome: 'refused', code: 'budget_exhausted' });
  expect((await pages()).sort()).toEqual(['budget_exhausted', 'purpose_paused']);
});

it('asks nobody when prompt or answer are not what was hashed', async () => {
  const original = await runs.row('ai_runs', { run_id: runId, kind: 'primary' });
  for (const kind of ['prompt', 'output'] as const) {
    const replayId = await asked();
    await database.asOwner(farm.id, async (transaction) => {
      await transaction.rows('alter table core.contents disable trigger refuse_change');
      await transaction.rows(
        "update core.contents set bytes = '{}', commitment = sha256(salt || '{}') where id = $1",
        [original[`${kind}_content_id`]],
      );
      await transaction.rows('alter table core.contents enable always trigger refuse_change');
    });
    expect(await stateOf(begin(replayId))).toBe('ZC014');
    await close(replayId, { code: 'content_altered' });
    expect(await stored(replayId)).toMatchObject({
      outcome: 'failed',
      code: 'content_altered',
      replay_call_id: null,
    });
  }
  expect(await pages()).toContain('content_altered');
});

it('charges an attempt that never answered, and gives up after as many as any call', async () => {
  const replayId = await asked();
  const attempts: number[] = [];
  for (;;) {
    const call = await begin(replayId);
    if (call.state !== 'call') break;
    attempts.push(call.attempt);
  }
  expect(attempts).toEqual(Array.from({ length: ATTEMPTS_MAX.retry }, (_, index) => index + 1));
  expect(await stored(replayId)).toMatchObject({ outcome: 'failed', code: 'step_failed' });
  expect(await account()).toMatchObject({ held_nano_usd: 0n });
});

it('closes with its code what was claimed, and fences its late answer', async () => {
  const replayId = await asked();
  const call = await begin(replayId);
  expect(await close(replayId, { code: 'workflow_lost' })).toEqual({ outcome: 'failed' });
  expect(await runs.finish(farm.id, call)).toMatchObject({ state: 'fenced' });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'failed',
    error_code: 'workflow_lost',
  });
  const left = await database.look("select from core.worklist where kind = 'replay' and ref_id = $1", [
    replayId,
  ]);
  expect(left).toEqual([]);
});

it('is another tenant’s to nobody', async () => {
  const other = await runs.farm();
  const replayId = await asked();
  const foreign: Promise<Answer> = runs.call('worker', other.id, 'begin_replay', replayId);
  expect(await stateOf(foreign)).toBe('ZC010');
});
