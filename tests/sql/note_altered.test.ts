import { testDatabase } from '../support/database';
import { addMember } from '../support/world';
import { note, sqlRuns, type Farm } from './support/runs';
import { stateOf } from './support/states';

/* Somebody with the owner's hands rewrites what was stored: whoever reads it is shown an error, and operations are paged. */

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;

beforeEach(async () => {
  farm = await runs.farm();
});

/** As the owner can who disables the trigger: another text that fits its own commitment. */
async function rewrite(contentId: unknown, text: string): Promise<void> {
  await database.asOwner(farm.id, async (transaction) => {
    await transaction.rows('alter table core.contents disable trigger refuse_change');
    await transaction.rows(
      `update core.contents set bytes = convert_to($2, 'UTF8'), commitment = sha256(salt || convert_to($2, 'UTF8')) where id = $1`,
      [contentId, text],
    );
    await transaction.rows('alter table core.contents enable always trigger refuse_change');
  });
}

const read = (view: string, id: unknown) =>
  database.as('api', farm.id, (transaction) =>
    transaction.rows(`select * from app.${view} where id = $1`, [id]),
  );
const pages = async () =>
  await database.look<{ code: string; count: bigint }>(
    'select code, count from core.pages where tenant_id = $1',
    [farm.id],
  );

it.each(['prompt', 'output'] as const)(
  'shows no %s that is another one now, and pages once',
  async (kind) => {
    const { aiRunId, runId } = await runs.answered(farm.hand);
    const call = await runs.row('ai_runs', { id: aiRunId });
    expect(await read('calls_content', aiRunId)).toHaveLength(1);
    await rewrite(call[`${kind}_content_id`], '{"forged": true}');
    for (let time = 0; time < 2; time += 1)
      expect(await stateOf(read('calls_content', aiRunId))).toBe('ZC014');
    expect(await pages()).toEqual([{ code: 'content_altered', count: 2n }]);
    expect((await runs.events(runId)).filter((type) => type === 'content.altered')).toHaveLength(1);
  },
);

it('judges and drafts nothing from an answer that is another one now', async () => {
  const { aiRunId, runId } = await runs.answered(farm.hand);
  const call = await runs.row('ai_runs', { id: aiRunId });
  await rewrite(call.output_content_id, '{"proposals": [{}]}');
  expect(await stateOf(runs.call('worker', farm.id, 'load_answer', runId))).toBe('ZC014');
  expect(await pages()).toMatchObject([{ code: 'content_altered' }]);
});

it('shows no proposal and no record that is another one now', async () => {
  const { gates } = await runs.drafted(farm.hand, [note()]);
  const [gate] = gates;
  if (gate === undefined) throw new Error('a note has a gate');
  await runs.decide(farm.owner, gate, 'approve');
  const record = await runs.row('records', { tenant_id: farm.id });
  expect(await read('records_content', record.id)).toHaveLength(1);
  await rewrite(record.content_id, '{"text": "Another note."}');
  expect(await stateOf(read('records_content', record.id))).toBe('ZC014');
  expect(await stateOf(read('proposals_content', gate.proposal_id))).toBe('ZC014');
});

it('shows no text that does not fit its own commitment', async () => {
  const { aiRunId } = await runs.answered(farm.hand);
  const call = await runs.row('ai_runs', { id: aiRunId });
  await database.asOwner(farm.id, async (transaction) => {
    await transaction.rows('alter table core.contents disable trigger refuse_change');
    await transaction.rows('alter table core.contents drop constraint contents_check');
    await transaction.rows("update core.contents set bytes = 'x' where id = $1", [call.output_content_id]);
    await transaction.rows('alter table core.contents enable always trigger refuse_change');
  });
  expect(await stateOf(read('calls_content', aiRunId))).toBe('ZC014');
  expect(await pages()).toMatchObject([{ code: 'content_altered' }]);
});

it('is read by no auditor either', async () => {
  const auditor = await addMember(database, farm.id, ['auditor']);
  const { aiRunId } = await runs.answered(farm.hand);
  const call = await runs.row('ai_runs', { id: aiRunId });
  await rewrite(call.prompt_content_id, '{"system": "s", "user": "Another prompt."}');
  const reading = runs.call('api', farm.id, 'read_content', call.prompt_content_id, auditor.userId);
  expect(await stateOf(reading)).toBe('ZC014');
  expect(await pages()).toMatchObject([{ code: 'content_altered' }]);
});

it('pages for nothing that is as it was, whoever says otherwise', async () => {
  const { aiRunId } = await runs.answered(farm.hand);
  const call = await runs.row('ai_runs', { id: aiRunId });
  expect(await runs.call('api', farm.id, 'note_altered', call.output_content_id)).toEqual({
    outcome: 'unaltered',
  });
  expect(await pages()).toEqual([]);
});
