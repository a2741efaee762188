import { randomBytes, randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { ANSWERED, sqlRuns, type CallAnswer, type Farm } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;
let documentId: string;
let passages: string[];

beforeEach(async () => {
  farm = await runs.farm();
  const bytes = Buffer.from('Deep.Dry.');
  const added = await runs.call(
    'api',
    farm.id,
    'add_document',
    randomUUID(),
    'text/plain',
    'Wells',
    bytes,
    farm.owner.userId,
  );
  documentId = String(added.document_id);
  const pieces = [
    { page: 1, start: 0, end: 5, text: 'Deep.' },
    { page: 1, start: 5, end: 9, text: 'Dry.' },
  ];
  const reading = { pages: 1, characters: 9, passages: pieces };
  await runs.call('worker', farm.id, 'store_passages', documentId, JSON.stringify(reading));
  const rows = await database.look<{ id: string }>(
    'select id from core.passages where document_id = $1 order by ordinal',
    [documentId],
  );
  passages = rows.map(({ id }) => id);
});

const MODEL = ['local', 'hashed-features-1', 'local'];
const VECTOR = `[${Array.from({ length: 1024 }, () => '0.1').join(',')}]`;
const begin = (passageId = passages[0], key = randomBytes(32), model = MODEL) =>
  runs.call<CallAnswer & { readonly prompt?: string }>(
    'worker',
    farm.id,
    'begin_passage',
    passageId,
    key,
    'Deep.',
    ...model,
  );
const { output: _none, ...RESULT } = ANSWERED;
const finish = (call: CallAnswer, passageId = passages[0], vector = VECTOR) =>
  runs.call(
    'worker',
    farm.id,
    'finish_passage',
    passageId,
    call.ai_run_id,
    call.attempt,
    vector,
    JSON.stringify({ ...RESULT, output_tokens: '0' }),
  );
const close = (code: string | null = null, final = true) =>
  runs.call('worker', farm.id, 'close_document', documentId, MODEL[1], code, final);
const account = async () => await runs.row('accounts', { tenant_id: farm.id });

it('holds the worst case of the text, and settles it with the vector', async () => {
  const call = await begin();
  expect(call).toMatchObject({ state: 'call', attempt: 1, prompt: 'Deep.' });
  // A token a byte and sixteen around it, at one nano-dollar each.
  expect(await account()).toMatchObject({ held_nano_usd: 21n, spent_nano_usd: 0n });
  expect(await finish(call)).toEqual({ state: 'finished' });
  expect(await account()).toMatchObject({ held_nano_usd: 0n, spent_nano_usd: 10n });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    run_id: null,
    document_id: documentId,
    kind: 'embedding',
    requested_by: farm.owner.userId,
    status: 'succeeded',
  });
  expect(await runs.row('embeddings', { id: passages[0] })).toMatchObject({
    source_id: documentId,
    ai_run_id: call.ai_run_id,
    model: 'hashed-features-1',
  });
  expect(await begin()).toEqual({ state: 'answered' });
});

it('goes on with an attempt that a dead worker left open, by the text that was claimed', async () => {
  const key = randomBytes(32);
  const lost = await begin(passages[0], key);
  const again = await runs.call<CallAnswer & { prompt: string }>(
    ...(['worker', farm.id, 'begin_passage', passages[0], key, 'Other tokens.', ...MODEL] as const),
  );
  expect(again).toMatchObject({ state: 'call', attempt: 2, ai_run_id: lost.ai_run_id, prompt: 'Deep.' });
  expect(await finish(lost)).toEqual({ state: 'fenced' });
  expect(await runs.count('embeddings', { source_id: documentId })).toBe(0);
  expect(await finish(again)).toEqual({ state: 'finished' });
  expect(await runs.count('ai_runs', { document_id: documentId })).toBe(1);
});

it.each<[string, object]>([
  ['tenant_paused', { paused: true }],
  ['vendor_paused', { paused_vendors: ['local'] }],
  ['budget_exhausted', { daily_token_budget_nano_usd: '20' }],
])('refuses with %s before anything is held', async (code, changes) => {
  await changePolicy(database, farm.owner, changes as Record<string, unknown>);
  expect(await begin()).toEqual({ state: 'refused', code });
  expect(await account()).toMatchObject({ held_nano_usd: 0n });
  expect(await runs.count('ai_runs', { document_id: documentId })).toBe(0);
});

it('tells of a model that is not allowed once, however often the document is tried', async () => {
  const unlisted = ['local', 'unheard-of', 'local'];
  for (let time = 0; time < 3; time += 1) {
    expect(await begin(passages[0], randomBytes(32), unlisted)).toMatchObject({ code: 'model_not_listed' });
    expect(await close('model_not_listed', false)).toEqual({ outcome: 'pending' });
  }
  const [row] = await database.look<{ events: bigint }>(
    "select count(*) as events from core.audit_log where tenant_id = $1 and type = 'policy_violation'",
    [farm.id],
  );
  expect(Number(row?.events)).toBe(1);
});

it('charges an answer that came after the document was deleted, and keeps no vector of it', async () => {
  const call = await begin();
  await runs.call('api', farm.id, 'delete_document', documentId, farm.owner.userId);
  expect(await finish(call)).toEqual({ state: 'finished' });
  expect(await account()).toMatchObject({ held_nano_usd: 0n, spent_nano_usd: 10n });
  expect(await runs.count('embeddings', { tenant_id: farm.id })).toBe(0);
  expect(await begin()).toEqual({ state: 'closed' });
});

it('is ready when each passage has its vector, and not before', async () => {
  await finish(await begin());
  expect(await stateOf(close())).toBe('ZC004');
  await finish(await begin(passages[1]), passages[1]);
  expect(await close()).toEqual({ outcome: 'ready' });
  expect(await runs.count('worklist', { ref_id: documentId })).toBe(0);
  expect(await close('document_unreadable')).toEqual({ outcome: 'closed' });
  expect(await begin()).toEqual({ state: 'closed' });
});

it('is looked at again soon while it is new, and then ever more rarely', async () => {
  const dueIn = async (): Promise<number> => {
    expect(await close('price_missing', false)).toEqual({ outcome: 'pending' });
    const [row] = await database.look<{ seconds: number }>(
      'select extract(epoch from due_at - app.now())::integer as seconds from core.worklist where ref_id = $1',
      [documentId],
    );
    return row?.seconds ?? 0;
  };
  expect(await dueIn()).toBeLessThanOrEqual(30);
  await runs.shiftClock('5 minutes');
  expect(Math.round((await dueIn()) / 10)).toBe(15);
  await runs.shiftClock('1 day');
  expect(await dueIn()).toBeLessThanOrEqual(600);
  await runs.shiftClock('0');
});

it('is refused for good with its code, and then embeds nothing', async () => {
  expect(await close('identifier_leaked')).toEqual({ outcome: 'refused' });
  expect(await runs.row('documents', { id: documentId })).toMatchObject({
    state: 'refused',
    code: 'identifier_leaked',
  });
  expect(await begin()).toEqual({ state: 'closed' });
});

it('knows no passage of another tenant', async () => {
  const other = await runs.farm();
  const asked = ['begin_passage', passages[0], randomBytes(32), 'x', ...MODEL] as const;
  expect(await runs.call('worker', other.id, ...asked)).toEqual({ state: 'closed' });
});
