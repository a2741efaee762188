import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../../support/database';
import { remember } from '../../support/knowledge';
import { proofOf } from '../../support/proofs';
import { addMember, changePolicy, type Person } from '../../support/world';
import {
  grant,
  hashOf,
  inHours,
  item,
  note,
  sale,
  type Farm,
  type GateRow,
  type Runs,
  type DraftItem,
} from './runs';

/** A farm that has at least one row in every table of a tenant, with every reference set in at least one of them. */
export async function everything(database: TestDatabase, runs: Runs): Promise<Farm> {
  const farm = await runs.farm();
  const { id, owner, hand } = farm;
  const second = await addMember(database, id, ['reviewer', 'senior']);
  await changePolicy(database, owner, {
    autonomy_tier: 'auto',
    auto_categories: ['note'],
    auto_review_permille: 1000,
  });

  await webhooks(runs, farm);
  await mails(database, runs, farm);
  await refusedAndByHand(database, runs, farm);
  const acted = await runs.drafted(hand, [sale(), note()]);
  const { id: act } = await runs.row('decisions', { run_id: acted.runId });
  await runs.call(
    'api',
    id,
    'review_act',
    act,
    'disagree',
    'wrong_number',
    'It is the other fence.',
    owner.userId,
  );
  const { runId, gates } = await runs.drafted(hand, [
    sale({ instants: [{ kind: 'reminder', at: inHours(1), role: null }] }),
  ]);
  const [gate] = gates as [GateRow];
  await runs.call('api', id, 'reassign_gate', gate.id, second.userId, 'Her shed.', '1 hour', owner.userId);
  await runs.call('api', id, 'steal_claim', gate.id, second.userId, 'At lunch.', '1 hour', owner.userId);
  const asked = await runs.call('api', id, 'ask_requester', gate.id, 'Which buyer?', owner.userId);
  await runs.call('api', id, 'answer_question', gate.id, asked.id, 'Her sister.', hand.userId);
  await runs.call('api', id, 'comment_on_gate', gate.id, 'Looks right.', owner.userId);
  await runs.call('api', id, 'recuse', gate.id, second.userId);
  await runs.decide(owner, gate, 'approve', {
    rationale: 'Counted.',
    edits: { ...JSON.parse(sale().payload), quantity: '31' },
  });
  await runs.call('api', id, 'give_feedback', runId, 'up', 'Well read.', hand.userId);
  await runs.call('worker', id, 'settle_run', runId);
  await runs.call('worker', id, 'close_run', runId);

  await replayed(runs, farm, runId);
  await compensated(runs, farm, String((await runs.row('records', { run_id: runId })).id));

  const unadvised = await runs.drafted(hand, [sale({ kind: 'manual', confidence_permille: null })]);
  await runs.decide(owner, unadvised.gates[0] as GateRow, 'approve', {
    recordType: 'note',
    edits: JSON.parse(note().payload) as object,
  });
  const open = await runs.drafted(hand, [sale()]);
  await runs.call('api', id, 'claim_gate', open.gates[0]?.id, second.userId, '1 hour');
  await together(runs, farm);
  const taken = await runs.drafted(hand, [sale()]);
  await runs.call('api', id, 'withdraw_run', taken.runId, hand.userId);
  await delegated(runs, farm, second);
  await changePolicy(database, owner, { blind_first_protected: true });
  await viewed(runs, farm);
  await changePolicy(database, owner, { blind_first_protected: false });
  await privilege(runs, farm, second.userId);
  await knowledge(database, runs, farm, runId);
  await retracted(runs, farm);
  await signed(database, runs, farm, (await runs.drafted(hand, [sale()])).gates[0] as GateRow);
  await countedBefore(database, farm);
  return farm;
}

/** A day of before, whose reviewers agreed once: days are counted when they have ended. */
async function countedBefore(database: TestDatabase, { id }: Farm): Promise<void> {
  await database.asOwner(id, (transaction) =>
    transaction.rows(
      `insert into core.agreement_days (tenant_id, purpose, vendor, model, confidence_permille, day, agreed, edited, rejected, counted_at)
       values ($1, 'farm.record', 'local', 'farm-notes-1', 800, '2026-01-01', 1, 0, 0, app.now())`,
      [id],
    ),
  );
}

/** An endpoint with two secrets, and a message to it that failed once. What happens from here on is told to it. */
async function webhooks(runs: Runs, { id, owner }: Farm): Promise<void> {
  const key = 'a1'.repeat(8);
  await runs.call('worker', null, 'put_sealing_key', key, hashOf('public'), 'b1', hashOf('wrapped'));
  const endpoint = randomUUID();
  const types = ['record.written', 'gate.opened'];
  const at = 'https://sink.example.com/';
  await runs.call('api', id, 'add_webhook', endpoint, at, types, key, hashOf('sealed'), owner.userId);
  const next = [endpoint, 2, key, hashOf('next'), '1 day', owner.userId];
  await runs.call('api', id, 'rotate_webhook_secret', ...next);
  const { delivery_id: delivery } = await runs.call('api', id, 'ping_webhook', endpoint, owner.userId);
  await runs.call('worker', id, 'begin_delivery', delivery);
  await runs.call('worker', id, 'finish_delivery', delivery, 1, 'sink_status', 500, null);
}

/** A call that was asked once more, and one whose replay is under way. */
async function replayed(runs: Runs, { id, owner }: Farm, runId: string): Promise<void> {
  const ask = () => runs.call('api', id, 'accept_replay', runId, null, randomUUID(), owner.userId);
  const { replay_id: replayId } = await ask();
  await runs.finish(id, await runs.call('worker', id, 'begin_replay', replayId));
  const compared = { fields_compared: 1, fields_differing: 0, differing: [] };
  await runs.call('worker', id, 'close_replay', replayId, JSON.stringify(compared));
  await ask();
}

/** A fact that was entered from a document and retracted. */
async function retracted(runs: Runs, farm: Farm): Promise<void> {
  const payload = { subject_id: 'provider-1', kind: 'licence', tier: 3, value: { number: 'X1' } };
  const draft = item('draft', 'trust_fact', payload, {});
  const { runId, gates } = await runs.drafted(farm.hand, [draft], 'credentialing.extraction');
  await runs.decide(farm.owner, gates[0] as GateRow, 'approve', { rationale: 'As written.' });
  await compensated(runs, farm, String((await runs.row('records', { run_id: runId })).id), draft);
}

/** A gate that a policy has changed, and a verdict on it whose person has proved anew who they are. */
async function signed(database: TestDatabase, runs: Runs, { id, owner }: Farm, gate: GateRow): Promise<void> {
  await changePolicy(database, owner, { reauthenticate_protected_minutes: 5 });
  await runs.call('worker', id, 'reterm_run', gate.run_id);
  const [present] = (await runs.gates(id, gate.run_id)) as [GateRow];
  const secret = hashOf('a secret');
  const answer = await database.as(
    'api',
    id,
    (transaction) =>
      transaction.value<{ proof_id: string }>(
        `select app.reauthenticate($1, $2, $3, decode($4, 'hex'), app.shown_hash($1, $6), 'approve', null, 'correct',
           null, null, null, null, null, $5, $6)`,
        [gate.id, secret, present.version, present.proposal_hash, owner.keyId, owner.userId],
      ),
    proofOf(owner.token),
  );
  await runs.store(owner, present, 'approve', { proof: { id: answer.proof_id, secret } });
}

/** A record that was undone by another one. */
async function compensated(
  runs: Runs,
  { id, owner, hand }: Farm,
  recordId: string,
  draft: DraftItem = sale(),
): Promise<void> {
  const words = [randomUUID(), '{}', recordId, 'undo', null, 'Counted twice.', hand.userId];
  const { run_id: runId } = await runs.call('api', id, 'accept_compensation', ...words);
  await runs.call('worker', id, 'reserve', runId);
  const items = [{ ...draft, kind: 'manual', confidence_permille: null }];
  const drafted = { advisory: 'unavailable', ai_run_id: null, senior: false, items };
  await runs.call('worker', id, 'record_draft', runId, JSON.stringify(drafted));
  const [gate] = (await runs.gates(id, String(runId))) as [GateRow];
  await runs.decide(owner, gate, 'approve', { rationale: 'Counted twice.' });
}

/** One verdict on several gates: of one here. */
async function together(runs: Runs, { id, owner, hand }: Farm): Promise<void> {
  const { gates } = await runs.drafted(hand, [
    item('draft', 'weight', { group: 'House 1', mean_grams: '1800', occurred_on: '2026-11-10' }, {}),
  ]);
  const [gate] = gates as [GateRow];
  const shown = await runs.call<Buffer>('api', id, 'shown_hash', gate.id, owner.userId);
  const bound = {
    gate_id: gate.id,
    gate_version: gate.version,
    proposal_hash: gate.proposal_hash,
    shown_hash: shown.toString('hex'),
  };
  const words = ['approve', 'correct', null, owner.keyId, new Date().toISOString(), owner.userId];
  await runs.call('api', id, 'store_intents', randomUUID(), '{}', JSON.stringify([bound]), ...words);
}

/** Somebody who is written to, and a mail to them whose worker was killed. */
async function mails(database: TestDatabase, runs: Runs, { id, owner, hand }: Farm): Promise<void> {
  await runs.call('worker', null, 'set_mail_channel', true);
  const named = [owner.userId, 'The owner', 'person', ['admin', 'reviewer', 'requester'], true, null];
  await database.asOwner(id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, $5, $6, $7)', [...named, 'owner@example.com']),
  );
  await runs.call('api', id, 'set_mail_preference', 'each', owner.userId);
  const { gates } = await runs.drafted(hand, [sale()]);
  const notice = await runs.row('outbox', { gate_id: gates[0]?.id, topic: 'gate.opened' });
  await runs.call('worker', id, 'dispatch_notice', notice.id);
  const mail = await runs.row('mails', { tenant_id: id });
  await runs.call('worker', id, 'begin_mail', mail.id);
  await runs.call('worker', id, 'begin_mail', mail.id);
}

async function refusedAndByHand(
  database: TestDatabase,
  runs: Runs,
  { id, owner, hand }: Farm,
): Promise<void> {
  await changePolicy(database, owner, { paused: true });
  const refused = await runs.accept(hand);
  await runs.call('worker', id, 'reserve', refused);
  await changePolicy(database, owner, { paused: false });
  const again = ['POST /v1/runs/{id}/resend', randomUUID(), '{}', 'farm.record', '{}', hand.userId, refused];
  await runs.call('api', id, 'accept_run', ...again);
  await runs.call(
    'api',
    id,
    'accept_run',
    'POST /v1/runs',
    randomUUID(),
    '{}',
    'farm.record',
    '{}',
    hand.userId,
    null,
    refused,
    'sale',
  );
}

/** A sale about which the owner said what she thinks before she was shown anything. */
async function viewed(runs: Runs, { id, owner, hand }: Farm): Promise<void> {
  const { gates } = await runs.drafted(hand, [sale()]);
  await runs.call('api', id, 'record_view', gates[0]?.id, 'approve', null, 'I sold them.', owner.userId);
}

/** A sale that was approved in the owner's place, and a delegation that was ended. */
async function delegated(runs: Runs, { id, owner, hand }: Farm, second: Person): Promise<void> {
  const lend = async (from: Person, to: Person): Promise<unknown> => {
    const period = [null, inHours(48), 'On leave.'];
    const { id: made } = await runs.call(
      'api',
      id,
      'create_delegation',
      from.userId,
      to.userId,
      null,
      ...period,
      from.userId,
    );
    return made;
  };
  await lend(owner, second);
  const { gates } = await runs.drafted(hand, [sale()]);
  await runs.decide(second, gates[0] as GateRow, 'approve', { onBehalfOf: owner.userId });
  await runs.call('api', id, 'revoke_delegation', await lend(second, owner), second.userId);
}

/** A check whose advisor was asked, granted by two, on a fact that a source has verified. */
async function privilege(runs: Runs, { id, owner, hand }: Farm, second: string): Promise<void> {
  const [factId, receiptId] = [randomUUID(), randomUUID()];
  await runs.call('adapter', id, 'import_trust_record', factId, 'provider-1', 'licence', '{"value": "x"}', 3);
  await runs.call(
    'adapter',
    id,
    'store_receipt',
    receiptId,
    'registry',
    'provider-1',
    '{}',
    inHours(-1),
    inHours(48),
  );
  await runs.call('adapter', id, 'verify_trust_record', factId, receiptId, inHours(24));

  const named = JSON.stringify({ subject: { id: 'provider-1', user_id: hand.userId } });
  const purpose = 'credentialing.privileging';
  await runs.call('api', id, 'accept_run', 'POST /v1/runs', randomUUID(), named, purpose, named, hand.userId);
  const runId = await runs.reserved(hand, 'credentialing.privileging');
  const scrubbed = {
    prompt: '{}',
    primary_call_key: hashOf(`p ${runId}`).toString('hex'),
    advisor_call_key: hashOf(`a ${runId}`).toString('hex'),
    tokens: [{ token: `<person_token_${runId.replaceAll('-', '')}>`, kind: 'person', sealed_value: 'ab' }],
    data_key: { master_key_id: 'a1', wrapped_key: 'ab'.repeat(60) },
    told: [{ kind: 'provider', value: 'Marisol Testfield' }],
  };
  await runs.call('worker', id, 'store_prompt', runId, JSON.stringify(scrubbed));
  for (const kind of ['primary', 'advisor'] as const)
    await runs.finish(id, await runs.begin(id, runId, kind));
  const call = await runs.row('ai_runs', { run_id: runId, kind: 'advisor' });
  const evals = [{ ordinal: 0, name: 'e', version: 1, verdict: 'pass', severity: 'flag', reason: 'holds' }];
  await runs.call('worker', id, 'record_evaluation', runId, call.id, 1000, JSON.stringify(evals));
  const draft = { advisory: 'available', ai_run_id: call.id, senior: false, items: [grant({}, [factId])] };
  await runs.call('worker', id, 'record_draft', runId, JSON.stringify(draft));
  const [gate] = (await runs.gates(id, runId)) as [GateRow];
  const proposal = await runs.row('proposals', { run_id: runId });
  await runs.call('api', id, 'note_reidentified', [proposal.payload_content_id], owner.userId);
  const words = { rationale: 'The sources agree.', disposition: 'grant' };
  await runs.decide(owner, gate, 'approve', words);
  const key = randomUUID().replaceAll('-', '').slice(0, 16);
  await runs.call('api', id, 'create_key', key, second, 'another', hashOf(key), 'oidc', null, null);
  await runs.decide({ tenantId: id, userId: second, keyId: key, token: '' }, gate, 'approve', words);
}

async function knowledge(
  database: TestDatabase,
  runs: Runs,
  { id, owner }: Farm,
  runId: string,
): Promise<void> {
  await remember(database, id, 'Eggs.');
  const bytes = Buffer.from('The well is deep.');
  await runs.call('api', id, 'add_document', randomUUID(), 'text/plain', 'Wells', bytes, owner.userId);
  await database.asOwner(id, async (transaction) => {
    await transaction.rows(
      `with kept as (
         insert into core.memories (tenant_id, content_id, created_by, created_at)
         select app.tenant(), (core.put_content(null, 'memory', 'The well is deep.')).id, $1, app.now() returning id)
       select core.put_document('memory', 'text/plain', 'A fact', 'The well is deep.'::bytea, $1, null, kept.id) from kept`,
      [owner.userId],
    );
    await transaction.rows(
      'insert into core.run_passages (tenant_id, run_id, ordinal, passage_id) select app.tenant(), $1, 0, app.new_id()',
      [runId],
    );
  });
}
