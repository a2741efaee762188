import { testDatabase } from '../support/database';
import type { Person } from '../support/world';
import { hashOf, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const EMPTY = {
  prompt: 'p',
  advisor_call_key: null,
  data_key: { master_key_id: 'a', wrapped_key: 'ab'.repeat(60) },
};

/** A drafted run whose tokens stand for two people and a telephone number, or for nothing. */
async function drafted(by: Person, kinds = ['person', 'person', 'phone'], item = sale()) {
  const runId = await runs.reserved(by);
  const tokens = kinds.map((kind, at) => ({
    token: `<${kind}_token_${runId.replaceAll('-', '').slice(0, 18)}${'ab'[at] ?? 'c'}>`,
    kind,
    sealed_value: 'ab',
  }));
  const scrubbed = { ...EMPTY, primary_call_key: hashOf(runId).toString('hex'), tokens };
  await runs.call('worker', by.tenantId, 'store_prompt', runId, JSON.stringify(scrubbed));
  const call = await runs.begin(by.tenantId, runId);
  await runs.finish(by.tenantId, call);
  const draft = { advisory: 'available', ai_run_id: call.ai_run_id, senior: false, items: [item] };
  await runs.call('worker', by.tenantId, 'record_draft', runId, JSON.stringify(draft));
  const { payload_content_id: contentId } = await runs.row('proposals', { run_id: runId });
  const [gate] = (await runs.gates(by.tenantId, runId)) as [GateRow];
  return { runId, contentId: String(contentId), gate };
}

const show = async (by: Person, ...contentIds: readonly string[]) =>
  await runs.call('api', by.tenantId, 'note_reidentified', contentIds, by.userId);

async function shown(runId: string): Promise<{ body: Record<string, unknown>; kind: string; by: string }[]> {
  const rows = await database.look<{ payload: string; actor_kind: string; actor_user_id: string }>(
    "select payload, actor_kind, actor_user_id from core.audit_log where run_id = $1 and type = 'content.reidentified' order by seq",
    [runId],
  );
  return rows.map(({ payload, actor_kind: kind, actor_user_id: by }) => ({
    body: (JSON.parse(payload) as { body: Record<string, unknown> }).body,
    kind,
    by,
  }));
}

it('is an event with who, which run, and how many of which kinds, never what', async () => {
  const { farm } = runs.world;
  const { runId, contentId } = await drafted(farm.hand);
  await show(farm.owner, contentId);
  expect(await shown(runId)).toEqual([
    {
      by: farm.owner.userId,
      kind: 'human',
      body: {
        actor_kind: 'human',
        actor_user_id: farm.owner.userId,
        run_id: runId,
        content_ids: [contentId],
        tokens: '3',
        kinds: { person: '2', phone: '1' },
      },
    },
  ]);
});

it('is one event a day for each person and content, and one for each run of a list', async () => {
  const { farm } = runs.world;
  const [one, two] = [await drafted(farm.hand), await drafted(farm.hand)];
  await show(farm.owner, one.contentId, two.contentId, one.contentId);
  await show(farm.owner, one.contentId);
  await show(farm.hand, one.contentId);
  expect((await shown(one.runId)).map(({ by }) => by)).toEqual([farm.owner.userId, farm.hand.userId]);
  expect(await shown(two.runId)).toHaveLength(1);
  await runs.shiftClock('1 day');
  await show(farm.owner, one.contentId);
  expect(await shown(one.runId)).toHaveLength(3);
  await runs.shiftClock('0');
});

it('is none where nothing was taken out, and of what is no answer of a model', async () => {
  const { farm } = runs.world;
  const bare = await drafted(farm.hand, []);
  await show(farm.owner, bare.contentId);
  expect(await shown(bare.runId)).toEqual([]);
  const { runId } = await drafted(farm.hand);
  const run = await runs.row('runs', { id: runId });
  await show(farm.owner, String(run.input_content_id), String(run.prompt_content_id));
  const manual = await drafted(farm.hand, ['person'], sale({ kind: 'manual', confidence_permille: null }));
  await show(farm.owner, manual.contentId);
  expect([...(await shown(runId)), ...(await shown(manual.runId))]).toEqual([]);
});

it('is one of two who look at once, and of edits and records as of proposals', async () => {
  const { farm } = runs.world;
  const { runId, contentId, gate } = await drafted(farm.hand);
  await Promise.all([show(farm.owner, contentId), show(farm.owner, contentId)]);
  expect(await shown(runId)).toHaveLength(1);
  const edits = { ...(JSON.parse(sale().payload) as object), quantity: '31' };
  await runs.decide(farm.owner, gate, 'approve', { edits });
  const record = await runs.row('records', { run_id: runId });
  const decision = await runs.row('decisions', { run_id: runId });
  await show(farm.owner, String(record.content_id), String(decision.edits_content_id));
  expect((await shown(runId)).at(-1)?.body.content_ids).toEqual(
    [...new Set([String(record.content_id), String(decision.edits_content_id)])].sort(),
  );
});

it('is noted for who presents a key, of no other tenant, and of an auditor who reads a content', async () => {
  const { farm, hospital } = runs.world;
  const { runId, contentId } = await drafted(farm.hand);
  const asNobody = runs.call('api', farm.id, 'note_reidentified', [contentId], null);
  expect(await stateOf(asNobody)).toBe('ZC012');
  await show(hospital.staff, contentId);
  expect(await shown(runId)).toEqual([]);
  const inHospital = await drafted(hospital.staff);
  await runs.call('auditor', hospital.id, 'read_content', inHospital.contentId, hospital.auditor.userId);
  expect((await runs.events(inHospital.runId)).slice(-2).sort()).toEqual([
    'content.read',
    'content.reidentified',
  ]);
});
