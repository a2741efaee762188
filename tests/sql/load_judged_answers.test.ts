import { testDatabase } from '../support/database';
import { sqlRuns, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const NOBODY = '00000000-0000-0000-0000-000000000000';
const DAY_AGO = new Date(Date.now() - 86_400_000).toISOString();
let farm: Farm;

interface Loaded {
  readonly tenant: { readonly id: string; readonly currency: string };
  readonly answers: readonly {
    readonly run_id: string;
    readonly created_at: string;
    readonly purpose: string;
    readonly code: string | null;
    readonly prompt: string | null;
    readonly output: string | null;
    readonly evals: readonly unknown[];
  }[];
}

beforeEach(async () => {
  farm = await runs.farm();
});

const load = (since = DAY_AGO, after = NOBODY, purpose: string | null = null, limit = 100) =>
  runs.call<Loaded>('worker', farm.id, 'load_judged_answers', since, after, purpose, limit);

const row = (version: number, verdict: string) => ({
  ordinal: 0,
  name: 'a.b',
  version,
  verdict,
  severity: 'flag',
  reason: 'why',
});

async function judged(...rows: readonly object[]) {
  const { runId, aiRunId } = await runs.answered(farm.hand);
  await runs.call('worker', farm.id, 'record_evaluation', runId, aiRunId, 700, JSON.stringify(rows));
  return { runId, aiRunId };
}

const readings = async () =>
  (
    await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type = 'content.judged' order by seq",
      [farm.id],
    )
  ).map(({ payload }) => (JSON.parse(payload) as { body: Record<string, unknown> }).body);

it('gives what the model saw and said with the newest stored verdicts, and leaves the event of it', async () => {
  const { runId } = await judged(row(1, 'pass'), row(2, 'fail'));
  expect(await load()).toEqual({
    tenant: { id: farm.id, kind: 'farm', currency: 'NGN', time_zone: 'Africa/Lagos', places: [] },
    answers: [
      {
        run_id: runId,
        created_at: expect.any(String) as string,
        purpose: 'farm.record',
        purpose_version: 1,
        code: null,
        prompt: '{"system": "s", "user": "u"}',
        output: '{"proposals": []}',
        evals: [{ ordinal: 0, name: 'a.b', version: 2, verdict: 'fail', severity: 'flag' }],
      },
    ],
  });
  expect(await readings()).toMatchObject([{ runs: '1', run_ids: [runId] }]);
});

it('goes on from a place, the oldest first, and reads nothing of before, of other purposes and other tenants', async () => {
  const [first, second] = [await judged(row(1, 'pass')), await judged(row(1, 'pass'))];
  const one = await load(DAY_AGO, NOBODY, null, 1);
  expect(one.answers.map(({ run_id: id }) => id)).toEqual([first.runId]);
  const [last] = one.answers;
  const rest = await load(last?.created_at, last?.run_id);
  expect(rest.answers.map(({ run_id: id }) => id)).toEqual([second.runId]);
  expect((await load(new Date(Date.now() + 60_000).toISOString())).answers).toEqual([]);
  expect((await load(DAY_AGO, NOBODY, 'farm.memory')).answers).toEqual([]);
  const { hospital } = runs.world;
  await database.as('worker', hospital.id, async (transaction) => {
    const theirs = await transaction.value<Loaded>('select app.load_judged_answers($1, $2, null, 100)', [
      DAY_AGO,
      NOBODY,
    ]);
    expect(theirs.answers.map(({ run_id: id }) => id)).not.toContain(first.runId);
  });
});

it('says of an answer that no eval has judged that it is none yet, and gives nothing of it', async () => {
  const { runId } = await runs.answered(farm.hand);
  expect((await load()).answers).toMatchObject([
    { run_id: runId, code: 'not_evaluated', prompt: null, output: null },
  ]);
  expect(await readings()).toEqual([]);
});

it.each(['prompt', 'output'] as const)(
  'gives nothing of an answer whose %s is another one now, pages, and goes on',
  async (kind) => {
    const broken = await judged(row(1, 'pass'));
    const whole = await judged(row(1, 'pass'));
    const call = await runs.row('ai_runs', { id: broken.aiRunId });
    await database.asOwner(farm.id, async (transaction) => {
      await transaction.rows('alter table core.contents disable trigger refuse_change');
      // Another text that fits its own commitment, and not the hash that the call is bound to.
      await transaction.rows(
        "update core.contents set bytes = convert_to('{}', 'UTF8'), commitment = sha256(salt || convert_to('{}', 'UTF8')) where id = $1",
        [call[`${kind}_content_id`]],
      );
      await transaction.rows('alter table core.contents enable always trigger refuse_change');
    });
    expect((await load()).answers).toMatchObject([
      { run_id: broken.runId, code: 'content_altered', prompt: null, output: null },
      { run_id: whole.runId, code: null },
    ]);
    const pages = await database.look('select code from core.pages where tenant_id = $1', [farm.id]);
    expect(pages).toEqual([{ code: 'content_altered' }]);
    expect(await readings()).toMatchObject([{ run_ids: [whole.runId] }]);
  },
);

it('writes nothing of the runs', async () => {
  const { runId } = await judged(row(1, 'pass'));
  const before = [await runs.row('runs', { id: runId }), await runs.row('ai_evals', { run_id: runId })];
  await load();
  expect([await runs.row('runs', { id: runId }), await runs.row('ai_evals', { run_id: runId })]).toEqual(
    before,
  );
});
