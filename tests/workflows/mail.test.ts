import { setTimeout as sleep } from 'node:timers/promises';
import { createSendMail } from '../../activities/notify/mail-server';
import { governedRuns, type GateRow } from '../support/governed';
import { smtpError, startMailbox, type Letter, type Mailbox } from '../support/mailbox';
import { sweepNotices } from '../support/webhooks';
import { addMember, type Person } from '../support/world';

/* Mails to people by a real SMTP server, for runs that are carried by a real worker. */

const governed = governedRuns({ worker: false });
let mailbox: Mailbox;
let reviewer: Person;

beforeAll(async () => {
  mailbox = await startMailbox();
  const send = createSendMail(mailbox.url, 'countersign@example.com');
  await governed.startWorker({ mail: { send, linksUrl: 'https://desk.example.com/' } });
  await governed.database.as('worker', null, (transaction) =>
    transaction.value('select app.set_mail_channel(true)'),
  );
  const { farm } = governed.world;
  reviewer = await addMember(governed.database, farm.id, ['reviewer']);
  await address(reviewer, ['reviewer'], 'reviewer@example.com');
  await address(farm.hand, ['requester'], 'hand@example.com');
}, 120_000);
beforeEach(() => {
  mailbox.letters.length = 0;
  mailbox.onLetter = undefined;
  mailbox.onRecipient = undefined;
});
afterAll(() => mailbox.stop());

async function address({ tenantId, userId }: Person, roles: readonly string[], email: string): Promise<void> {
  await governed.database.asOwner(tenantId, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, true, null, $5)', [
      userId,
      'A person',
      'person',
      roles,
      email,
    ]),
  );
}

async function prefer({ tenantId, userId }: Person, preference: string): Promise<void> {
  await governed.database.as('api', tenantId, (transaction) =>
    transaction.value('select app.set_mail_preference($1, $2)', [preference, userId]),
  );
}

let sold = 40;
async function waitingGate(): Promise<GateRow> {
  const { farm } = governed.world;
  sold += 1;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: `Sold ${sold} crates of eggs for ₦${sold * 1_500}`,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.settled(farm.id, runId);
  const [gate] = await governed.gates(farm.id, runId);
  if (!gate) throw new Error('no gate');
  return gate;
}

async function letters(count: number): Promise<readonly Letter[]> {
  const until = performance.now() + 20_000;
  while (mailbox.letters.length < count && performance.now() < until) await sleep(25);
  await sleep(200);
  return mailbox.letters;
}

interface MailRow {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  readonly attempts: string[];
}

async function mailsOf(person: Person): Promise<MailRow[]> {
  return await governed.database.look<MailRow>(
    `select id, state, code, array(select a.state from core.mail_attempts a where a.mail_id = m.id order by a.attempt) as attempts
     from core.mails m where user_id = $1 order by created_at`,
    [person.userId],
  );
}

async function lastMail(person: Person, state: string): Promise<MailRow> {
  const until = performance.now() + 20_000;
  for (;;) {
    const mail = (await mailsOf(person)).at(-1);
    if (mail?.state === state) return mail;
    if (performance.now() > until) throw new Error(`still ${JSON.stringify(mail)}`);
    await sleep(25);
  }
}

/** Lets a mail's time come, as the hours do. */
async function makeDue(person: Person): Promise<void> {
  await governed.database.look(
    "update core.mails set next_at = app.now() where user_id = $1 and state = 'pending'",
    [person.userId],
  );
  await governed.database.look("update core.worklist set due_at = app.now() where kind = 'mail'");
  await sweepNotices(governed);
}

const pages = async (code: string): Promise<number> =>
  (await governed.database.look('select from core.pages where code = $1', [code])).length;

it('writes to who may decide, and then to who asked: once each, and of nothing that is said', async () => {
  const { farm } = governed.world;
  const gate = await waitingGate();
  await Promise.all([sweepNotices(governed), sweepNotices(governed)]);
  const [opened, ...more] = await letters(1);
  expect(more).toEqual([]);
  if (!opened) throw new Error('no mail');
  expect(opened.to).toEqual(['reviewer@example.com']);
  expect(opened.headers.get('subject')).toBe('A question waits for a decision: sale, financial');
  expect(opened.headers.get('auto-submitted')).toBe('auto-generated');
  const [mail] = await mailsOf(reviewer);
  expect(opened.headers.get('message-id')).toBe(`<${mail?.id ?? ''}@example.com>`);
  expect(opened.text).toContain(`https://desk.example.com/gates/${gate.id}`);
  expect(opened.text).toMatch(/Due: \w{3} \d+ \w{3} \d{4} \d\d:\d\d \(Africa\/Lagos\)/);
  expect(opened.raw).not.toMatch(/crate|eggs|Sold|61.?500/);

  await governed.decide(farm.owner, gate, 'approve');
  await governed.handle(gate.run_id).result();
  mailbox.letters.length = 0;
  await sweepNotices(governed);
  await sweepNotices(governed);
  const [closed, ...others] = await letters(1);
  expect(others).toEqual([]);
  expect(closed?.to).toEqual(['hand@example.com']);
  expect(closed?.text).toContain('Outcome: approved');
}, 60_000);

it('tries again what a server puts off, under one Message-ID', async () => {
  mailbox.onLetter = () => smtpError(451);
  const gate = await waitingGate();
  await sweepNotices(governed);
  const until = performance.now() + 20_000;
  while (!(await mailsOf(reviewer)).at(-1)?.attempts.includes('failed') && performance.now() < until)
    await sleep(25);
  mailbox.onLetter = undefined;
  await makeDue(reviewer);
  expect((await lastMail(reviewer, 'sent')).attempts).toEqual(['failed', 'sent']);
  expect(await letters(1)).toHaveLength(1);
  await governed.decide(governed.world.farm.owner, gate, 'approve');
}, 60_000);

it('gives up on a recipient that the server refuses, and pages', async () => {
  mailbox.onRecipient = (to) => (to.startsWith('reviewer') ? smtpError(550) : undefined);
  await waitingGate();
  await sweepNotices(governed);
  expect(await lastMail(reviewer, 'failed')).toMatchObject({ code: 'mail_refused', attempts: ['failed'] });
  expect(await pages('mail_refused')).toBe(1);
}, 60_000);

it('never sends again what may have been taken', async () => {
  mailbox.onLetter = () => 'silence';
  await waitingGate();
  await sweepNotices(governed);
  await letters(1);
  // The server has it and says nothing; the connection's time runs out.
  expect(await lastMail(reviewer, 'unsure')).toMatchObject({ code: 'mail_unsure', attempts: ['unsure'] });
  mailbox.onLetter = undefined;
  await makeDue(reviewer);
  await sweepNotices(governed);
  expect((await letters(1)).filter(({ to }) => to.includes('reviewer@example.com'))).toHaveLength(1);
  expect(await pages('mail_unsure')).toBe(1);
}, 90_000);

it('gathers a digest, and leaves out what is over by then', async () => {
  const { farm } = governed.world;
  await prefer(reviewer, 'digest');
  const gates = [await waitingGate(), await waitingGate(), await waitingGate()];
  await sweepNotices(governed);
  await sleep(300);
  expect(mailbox.letters.filter(({ to }) => to.includes('reviewer@example.com'))).toEqual([]);
  await governed.decide(farm.owner, gates[1] as GateRow, 'approve');
  await makeDue(reviewer);
  await lastMail(reviewer, 'sent');
  const [digest] = (await letters(1)).filter(({ to }) => to.includes('reviewer@example.com'));
  expect(digest?.headers.get('subject')).toBe('2 notices from Countersign');
  expect(digest?.text).toContain(gates[0]?.id);
  expect(digest?.text).not.toContain(gates[1]?.id);
  await prefer(reviewer, 'none');
  await waitingGate();
  await sweepNotices(governed);
  const [last] = (await mailsOf(reviewer)).slice(-1);
  expect(last?.state).toBe('sent');
  await prefer(reviewer, 'each');
}, 60_000);

it('writes of nothing that was over before it could', async () => {
  const { farm } = governed.world;
  const gate = await waitingGate();
  const until = performance.now() + 5_000;
  // The notice is there; before anybody looks, the question is answered.
  while (performance.now() < until && gate.closed_at !== null) await sleep(10);
  const [notice] = await governed.database.look<{ id: string }>(
    "select id from core.outbox where gate_id = $1 and topic = 'gate.opened'",
    [gate.id],
  );
  await governed.database.as('worker', farm.id, (transaction) =>
    transaction.value('select app.dispatch_notice($1)', [notice?.id]),
  );
  await governed.decide(farm.owner, gate, 'approve');
  await sweepNotices(governed);
  expect(await lastMail(reviewer, 'moot')).toMatchObject({ attempts: [] });
}, 60_000);

describe('an address', () => {
  const send = (to: string) =>
    createSendMail(
      mailbox.url,
      'countersign@example.com',
    )({ id: 'x', to, subject: 'Hello\r\nBcc: other@example.com', text: 'Hi', hand: async () => true });

  it.each([
    'a@example.com\r\nRCPT TO:<b@example.com>',
    'a@example.com,b@example.com',
    'a <b@example.com>',
    '"a b"@example.com',
    'a@exa mple.com',
    '',
  ])('that is none or several is not written to: %j', async (to) => {
    expect(await send(to)).toEqual({ code: 'mail_refused', status: null });
    expect(mailbox.letters).toEqual([]);
  });

  it('can’t be added by what a header says', async () => {
    expect(await send('a@example.com')).toEqual({ code: null, status: null });
    const [letter] = mailbox.letters.filter(({ to }) => to.includes('a@example.com'));
    expect(letter?.to).toEqual(['a@example.com']);
    expect(letter?.headers.has('bcc')).toBe(false);
  });
});

it('hands nothing over where somebody else has taken over', async () => {
  const send = createSendMail(mailbox.url, 'countersign@example.com');
  const answer = await send({
    id: 'x',
    to: 'a@example.com',
    subject: 's',
    text: 't',
    hand: async () => false,
  });
  expect(answer).toEqual({ code: 'mail_unreachable', status: null });
  await sleep(200);
  expect(mailbox.letters.filter(({ to }) => to.includes('a@example.com'))).toEqual([]);
});

it('says so when no server is there', async () => {
  const send = createSendMail('smtp://127.0.0.1:9', 'countersign@example.com');
  const answer = await send({
    id: 'x',
    to: 'a@example.com',
    subject: 's',
    text: 't',
    hand: async () => true,
  });
  expect(answer).toEqual({ code: 'mail_unreachable', status: null });
});
