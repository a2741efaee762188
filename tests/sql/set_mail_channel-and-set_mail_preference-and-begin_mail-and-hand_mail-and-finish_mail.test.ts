import { testDatabase } from '../support/database';
import { addMember } from '../support/world';
import { sale, sqlRuns, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

beforeAll(async () => {
  await runs.call('worker', null, 'set_mail_channel', true);
});
afterEach(() => runs.shiftClock('0'));

async function writtenTo(): Promise<Farm> {
  const farm = await runs.farm();
  await address(farm, 'owner@example.com');
  return farm;
}

async function address({ id, owner }: Farm, email: string): Promise<void> {
  const roles = ['admin', 'reviewer', 'requester'];
  await database.asOwner(id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, true, null, $5)', [
      owner.userId,
      'Owner',
      'person',
      roles,
      email,
    ]),
  );
}

/** The mail of a question that has just been opened. */
async function mailTo(farm: Farm): Promise<string> {
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  const notice = await runs.row('outbox', { gate_id: gates[0]?.id, topic: 'gate.opened' });
  await runs.call('worker', farm.id, 'dispatch_notice', notice.id);
  const [mail] = await database.look<{ id: string }>(
    'select n.mail_id as id from core.mail_notices n where n.outbox_id = $1',
    [notice.id],
  );
  if (!mail) throw new Error('no mail');
  return mail.id;
}

const told = (farm: Farm) => runs.count('told_tenants', { tenant_id: farm.id });
const prefer = (farm: Farm, preference: string) =>
  runs.call('api', farm.id, 'set_mail_preference', preference, farm.owner.userId);
const begin = (farm: Farm, id: string) => runs.call('worker', farm.id, 'begin_mail', id);
const hand = (farm: Farm, id: string, attempt: number) =>
  runs.call<boolean>('worker', farm.id, 'hand_mail', id, attempt);
const finish = (farm: Farm, id: string, attempt: number, code: string | null, status: number | null = null) =>
  runs.call('worker', farm.id, 'finish_mail', id, attempt, code, status);

it('makes work of a tenant’s outbox while mail is on and somebody wants it', async () => {
  const farm = await runs.farm();
  expect(await told(farm)).toBe(0);
  await address(farm, 'owner@example.com');
  expect(await told(farm)).toBe(1);
  await prefer(farm, 'none');
  expect(await told(farm)).toBe(0);
  await prefer(farm, 'digest');
  expect(await told(farm)).toBe(1);
  expect(await runs.call<boolean>('worker', null, 'set_mail_channel', false)).toBe(true);
  expect(await told(farm)).toBe(0);
  expect(await runs.call<boolean>('worker', null, 'set_mail_channel', false)).toBe(false);
  expect(await runs.call<boolean>('worker', null, 'set_mail_channel', true)).toBe(true);
  expect(await told(farm)).toBe(1);
  await address(farm, '');
  expect(await told(farm)).toBe(0);
});

it('lets nobody else say how somebody is written to', async () => {
  const farm = await runs.farm();
  const other = await addMember(database, farm.id, ['reviewer']);
  const said = database.as(
    'api',
    farm.id,
    (transaction) => transaction.value('select app.set_mail_preference($1, $2)', ['none', farm.owner.userId]),
    {
      keyId: other.keyId,
      secretSha256: Buffer.alloc(32),
    },
  );
  await expect(said).rejects.toMatchObject({ code: 'ZC012' });
});

it('begins with whom, when and of what, and ends sent', async () => {
  const farm = await writtenTo();
  const id = await mailTo(farm);
  const begun = await begin(farm, id);
  expect(begun).toMatchObject({
    outcome: 'send',
    attempt: 1,
    to: 'owner@example.com',
    time_zone: 'Africa/Lagos',
  });
  expect(begun.notices).toMatchObject([
    { topic: 'gate.opened', record_type: 'sale', record_class: 'financial' },
  ]);
  expect(await hand(farm, id, 1)).toBe(true);
  expect(await hand(farm, id, 1)).toBe(false);
  expect(await finish(farm, id, 1, null)).toEqual({ outcome: 'over', state: 'sent', code: null });
  expect(await begin(farm, id)).toEqual({ outcome: 'over', state: 'sent', code: null });
  expect(await runs.count('worklist', { ref_id: id })).toBe(0);
});

it('begins again where the worker was killed before it had handed it over, and fences the one before', async () => {
  const farm = await writtenTo();
  const id = await mailTo(farm);
  await begin(farm, id);
  expect(await begin(farm, id)).toMatchObject({ outcome: 'send', attempt: 2 });
  expect(await hand(farm, id, 1)).toBe(false);
  expect(await hand(farm, id, 2)).toBe(true);
});

it('is unsure of what was handed over when the worker was killed, and pages', async () => {
  const farm = await writtenTo();
  const id = await mailTo(farm);
  await begin(farm, id);
  await hand(farm, id, 1);
  expect(await begin(farm, id)).toEqual({ outcome: 'over', state: 'unsure', code: 'mail_unsure' });
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ code: 'mail_unsure' });
  expect(await finish(farm, id, 1, null)).toEqual({ outcome: 'over', state: 'unsure', code: 'mail_unsure' });
});

it.each([
  ['handed over and without a word', true, 'mail_unreachable', null, 'over', 'unsure'],
  ['handed over and put off by the server', true, 'mail_deferred', 451, 'wait', 'pending'],
  ['not handed over', false, 'mail_unreachable', null, 'wait', 'pending'],
  ['refused', false, 'mail_refused', 550, 'over', 'failed'],
] as const)('of one that was %s', async (_what, handed, code, status, outcome, state) => {
  const farm = await writtenTo();
  const id = await mailTo(farm);
  await begin(farm, id);
  if (handed) await hand(farm, id, 1);
  expect(await finish(farm, id, 1, code, status)).toMatchObject({ outcome });
  expect(await runs.row('mails', { id })).toMatchObject({ state });
});

it('tries for two days, and then pages', async () => {
  const farm = await writtenTo();
  const id = await mailTo(farm);
  let passed = 0;
  for (let attempt = 1; ; attempt += 1) {
    expect(await begin(farm, id)).toMatchObject({ outcome: 'send', attempt });
    const answer = await finish(farm, id, attempt, 'mail_unreachable');
    if (answer.outcome === 'over') {
      expect([attempt, answer.code]).toEqual([9, 'mail_failed']);
      break;
    }
    expect(await begin(farm, id)).toMatchObject({ outcome: 'wait' });
    passed += Number(answer.pause_ms) / 1_000 + 1;
    await runs.shiftClock(`${Math.ceil(passed)} seconds`);
  }
  expect(passed).toBeGreaterThan(48 * 3_600);
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ code: 'mail_failed' });
});

it('writes also to whom somebody has delegated to, for as long as that lasts', async () => {
  const farm = await runs.farm();
  const deputy = await addMember(database, farm.id, ['senior']);
  await database.asOwner(farm.id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, true, null, $5)', [
      deputy.userId,
      'Deputy',
      'person',
      ['senior'],
      'deputy@example.com',
    ]),
  );
  await runs.drafted(farm.hand, [sale()]);
  const noticeOf = async (): Promise<number> => {
    const { gates } = await runs.drafted(farm.hand, [sale()]);
    const notice = await runs.row('outbox', { gate_id: gates[0]?.id, topic: 'gate.opened' });
    await runs.call('worker', farm.id, 'dispatch_notice', notice.id);
    return await runs.count('mail_notices', { outbox_id: notice.id });
  };
  expect(await noticeOf()).toBe(0);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const given = [farm.owner.userId, deputy.userId, ['reviewer'], null, until, 'Away.', farm.owner.userId];
  const delegated = await runs.call('api', farm.id, 'create_delegation', ...given);
  expect(delegated).toMatchObject({ outcome: 'created' });
  expect(await noticeOf()).toBe(1);
  await runs.shiftClock('2 hours');
  expect(await noticeOf()).toBe(0);
});

it('puts what is more than twenty within the hour into a digest', async () => {
  const farm = await writtenTo();
  for (let count = 0; count < 23; count += 1) await mailTo(farm);
  const mails = await database.look<{ is_digest: boolean; n: bigint }>(
    `select m.is_digest, count(n.*) as n from core.mails m join core.mail_notices n on n.mail_id = m.id
     where m.tenant_id = $1 group by m.id, m.is_digest having m.is_digest`,
    [farm.id],
  );
  expect(mails).toEqual([{ is_digest: true, n: 3n }]);
});
