import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { grant, hashOf, sqlRuns, type Answer, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const PURPOSE = 'credentialing.privileging';
const WORDS = { rationale: 'Seen.', disposition: 'grant' };

async function ask(by: Person, subject: object, purpose = PURPOSE): Promise<Answer> {
  const input = JSON.stringify({ subject });
  return await runs.call(
    'api',
    by.tenantId,
    'accept_run',
    'r',
    randomUUID(),
    input,
    purpose,
    input,
    by.userId,
  );
}

async function set(by: Person, subjectId: string, userId: string | null): Promise<Answer> {
  return await runs.call('api', by.tenantId, 'set_subject_member', subjectId, userId, by.userId);
}

/** A run that was accepted, up to its gate, whose record is about the given subject. */
async function gateOf(accepted: Answer, subjectId: string): Promise<GateRow> {
  const { id } = runs.world.hospital;
  const runId = String(accepted.run_id);
  await runs.call('worker', id, 'reserve', runId);
  const prompt = { prompt: 'p', primary_call_key: hashOf(runId).toString('hex'), tokens: [] };
  await runs.call('worker', id, 'store_prompt', runId, JSON.stringify(prompt));
  const call = await runs.begin(id, runId);
  await runs.finish(id, call);
  const items = [grant({ payload: grant().payload.replace('provider-1', subjectId) })];
  const draft = { advisory: 'available', ai_run_id: call.ai_run_id, senior: false, items };
  await runs.call('worker', id, 'record_draft', runId, JSON.stringify(draft));
  return (await runs.gates(id, runId))[0] as GateRow;
}

const subjectOf = async (answer: Answer) => await runs.row('runs', { id: answer.run_id });

it('names the person all the same when a later run leaves them out', async () => {
  const { hospital } = runs.world;
  const [about] = hospital.members;
  const id = randomUUID();
  await ask(hospital.staff, { id, user_id: about.userId });
  const silent = await ask(hospital.staff, { id });
  expect(await subjectOf(silent)).toMatchObject({ subject_id: id, subject_user_id: about.userId });
  const gate = await gateOf(silent, id);
  expect(await runs.store(about, gate, 'approve', WORDS)).toMatchObject({ code: 'subject_of_run' });
});

it('refuses an id of nobody, of a service, of another tenant, and an input about nobody', async () => {
  const { hospital, farm } = runs.world;
  for (const nobody of ['dr-nobody', randomUUID(), farm.owner.userId]) {
    expect(await ask(hospital.staff, { id: 'x', user_id: nobody })).toMatchObject({
      code: 'subject_unknown',
    });
  }
  expect(await ask(hospital.staff, {})).toEqual({ outcome: 'refused', code: 'subject_missing' });
  expect(await ask(hospital.staff, { id: '' })).toMatchObject({ code: 'subject_missing' });
  expect(await runs.count('subject_members', { subject_id: 'x' })).toBe(0);
});

it('lets no run name another member than the map does, nor write over it', async () => {
  const { hospital } = runs.world;
  const [about, decoy] = hospital.members;
  const id = randomUUID();
  expect(await set(hospital.admin, id, about.userId)).toEqual({ outcome: 'saved' });
  expect(await ask(hospital.staff, { id, user_id: decoy.userId })).toMatchObject({ code: 'subject_differs' });
  expect(await runs.count('subject_members', { subject_id: id })).toBe(1);
});

it('refuses the person between storing and applying, when the map names them meanwhile', async () => {
  const { hospital } = runs.world;
  const [about] = hospital.members;
  const id = randomUUID();
  const gate = await gateOf(await ask(hospital.staff, { id }), id);
  const stored = await runs.store(about, gate, 'approve', WORDS);
  expect(stored.outcome).toBe('stored');
  await set(hospital.admin, id, about.userId);
  expect(await runs.apply(hospital.id, stored.intent_id)).toMatchObject({
    outcome: 'conflict',
    code: 'subject_of_run',
  });
  expect(await runs.count('decisions', { gate_id: gate.id })).toBe(0);
});

it('keeps a run’s own subject when the map is changed, and lets nobody take themselves off it', async () => {
  const { hospital } = runs.world;
  const both = await addMember(database, hospital.id, ['admin', 'reviewer']);
  const id = randomUUID();
  const gate = await gateOf(await ask(hospital.staff, { id, user_id: both.userId }), id);
  expect(await set(both, id, null)).toEqual({ outcome: 'refused', code: 'subject_is_you' });
  expect(await set(both, id, hospital.members[0].userId)).toMatchObject({ code: 'subject_is_you' });
  await set(hospital.admin, id, null);
  expect(await runs.store(both, gate, 'approve', WORDS)).toMatchObject({ code: 'subject_of_run' });
});

it('lets no record about somebody else be written: neither a draft nor an edit', async () => {
  const { hospital } = runs.world;
  const [first] = hospital.members;
  const id = randomUUID();
  const gate = await gateOf(await ask(hospital.staff, { id }), 'somebody-else');
  expect(await runs.store(first, gate, 'approve', WORDS)).toMatchObject({ code: 'subject_differs' });
  expect(await runs.count('intents', { gate_id: gate.id })).toBe(0);
});

it('freezes the subject, and writes its map by versions and by admins alone', async () => {
  const { hospital } = runs.world;
  const id = randomUUID();
  const accepted = await ask(hospital.staff, { id, user_id: hospital.members[1].userId });
  for (const change of ['subject_id = null', 'subject_user_id = null']) {
    const changed = database.asOwner(hospital.id, (transaction) =>
      transaction.rows(`update core.runs set ${change} where id = $1`, [accepted.run_id]),
    );
    await expect(changed).rejects.toMatchObject({ code: 'ZC008' });
  }
  await expect(set(hospital.staff, id, null)).rejects.toMatchObject({ code: 'ZC012' });
  await set(hospital.admin, id, null);
  expect(await runs.count('subject_members', { subject_id: id })).toBe(2);
  expect(await subjectOf(await ask(hospital.staff, { id }))).toMatchObject({ subject_user_id: null });
});
