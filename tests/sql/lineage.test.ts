import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { grant, hashOf, sqlRuns, type Answer, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const PURPOSE = 'credentialing.privileging';
const WORDS = { rationale: 'Seen.', disposition: 'grant' };
const INPUT = '{"subject": {"id": "provider-1"}}';

async function again(by: Person, of: string): Promise<Answer> {
  const request = ['r', randomUUID(), '{}', PURPOSE, '{"subject": {"id": "another"}}', by.userId, of];
  return await runs.call('api', by.tenantId, 'accept_run', ...request);
}

async function refused(by: Person): Promise<string> {
  const runId = await runs.accept(by, PURPOSE);
  await runs.call('worker', by.tenantId, 'close_run', runId, 'step_failed');
  return runId;
}

async function gateOf(accepted: Answer): Promise<GateRow> {
  const { id } = runs.world.hospital;
  const runId = String(accepted.run_id);
  await runs.call('worker', id, 'reserve', runId);
  const prompt = { prompt: 'p', primary_call_key: hashOf(runId).toString('hex'), tokens: [] };
  await runs.call('worker', id, 'store_prompt', runId, JSON.stringify(prompt));
  const call = await runs.begin(id, runId);
  await runs.finish(id, call);
  const draft = { advisory: 'available', ai_run_id: call.ai_run_id, senior: false, items: [grant()] };
  await runs.call('worker', id, 'record_draft', runId, JSON.stringify(draft));
  return (await runs.gates(id, runId))[0] as GateRow;
}

it('counts whoever asked first, however often others have sent it again', async () => {
  const { hospital } = runs.world;
  const [first, second] = hospital.members;
  const asks = await addMember(database, hospital.id, ['requester', 'reviewer']);
  const origin = await refused(asks);
  const once = await again(first, origin);
  await runs.call('worker', hospital.id, 'close_run', once.run_id, 'step_failed');
  const twice = await again(hospital.staff, String(once.run_id));
  const gate = await gateOf(twice);
  for (const by of [asks, first]) {
    expect(await runs.store(by, gate, 'approve', WORDS)).toMatchObject({ code: 'requester_holds_no_seat' });
    expect(await runs.call('api', hospital.id, 'gate_refusal', gate.id, by.userId)).toBe(
      'requester_holds_no_seat',
    );
  }
  expect(await runs.store(second, gate, 'approve', WORDS)).toMatchObject({ outcome: 'stored' });
});

it('keeps the input of what is sent again, whatever is sent along, and freezes what it descends from', async () => {
  const { hospital } = runs.world;
  const origin = await refused(hospital.staff);
  const { run_id: id } = await again(hospital.staff, origin);
  expect(await runs.row('runs', { id })).toMatchObject({ resend_of: origin, subject_id: 'provider-1' });
  const [kept] = await database.look<{ text: string }>(
    `select convert_from(c.bytes, 'UTF8') as text from core.contents c join core.runs r on r.input_content_id = c.id where r.id = $1`,
    [id],
  );
  expect(kept?.text).toBe(INPUT);
  const cut = database.asOwner(hospital.id, (transaction) =>
    transaction.rows('update core.runs set resend_of = null where id = $1', [id]),
  );
  await expect(cut).rejects.toMatchObject({ code: 'ZC008' });
  expect(await again(hospital.staff, String(id))).toMatchObject({ code: 'not_resendable' });
});

it('counts the people behind a service: who made its key, also after the verdict was stored', async () => {
  const { hospital } = runs.world;
  const maker = await addMember(database, hospital.id, ['admin', 'reviewer']);
  const robot = randomUUID();
  await runs.call(
    'api',
    hospital.id,
    'set_member',
    robot,
    'Robot',
    'service',
    ['requester'],
    true,
    maker.userId,
  );
  const key = async (by: Person) => {
    const id = randomUUID().replaceAll('-', '').slice(0, 16);
    await runs.call('api', hospital.id, 'create_key', id, robot, 'k', hashOf(id), 'service', null, by.userId);
    return id;
  };
  const parameters = ['r', randomUUID(), '{}', PURPOSE, INPUT, robot];
  const keyId = await key(maker);
  const accepted = await database.as(
    'api',
    hospital.id,
    (transaction) => transaction.value<Answer>('select app.accept_run($1, $2, $3, $4, $5, $6)', parameters),
    { keyId, secretSha256: hashOf(keyId) },
  );
  const gate = await gateOf(accepted);
  expect(await runs.store(maker, gate, 'approve', WORDS)).toMatchObject({ code: 'requester_holds_no_seat' });
  const later = await addMember(database, hospital.id, ['admin', 'reviewer']);
  const stored = await runs.store(later, gate, 'approve', WORDS);
  expect(stored.outcome).toBe('stored');
  await key(later);
  expect(await runs.apply(hospital.id, stored.intent_id)).toMatchObject({
    outcome: 'conflict',
    code: 'requester_holds_no_seat',
  });
});
