import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { atOnce } from './support/at-once';
import {
  grant,
  inHours,
  item,
  sale,
  sqlRuns,
  type Answer,
  type DraftItem,
  type GateRow,
} from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const SALE = JSON.parse(sale().payload) as Record<string, unknown>;

/** A sale of the farm that its owner approved. */
async function written(draft: DraftItem = sale()): Promise<Record<string, unknown>> {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [draft]);
  await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
  return await runs.row('records', { run_id: runId });
}

async function ask(
  by: Person,
  recordId: unknown,
  act: 'correct' | 'undo',
  payload: object | null = null,
  key: string = randomUUID(),
  request = '{}',
): Promise<Answer> {
  const text = payload === null ? null : JSON.stringify(payload);
  const words = [key, request, recordId, act, text, 'The slip says otherwise.', by.userId];
  return await runs.call('api', by.tenantId, 'accept_compensation', ...words);
}

/** Brings an accepted compensation to its gate, as the worker's steps do. */
async function gateOf(by: Person, asked: Answer, draft: DraftItem): Promise<GateRow> {
  expect(asked).toMatchObject({ outcome: 'accepted' });
  expect(await runs.call('worker', by.tenantId, 'reserve', asked.run_id)).toMatchObject({
    outcome: 'by_hand',
  });
  const items = [{ ...draft, kind: 'manual', confidence_permille: null }];
  const drafted = { advisory: 'unavailable', ai_run_id: null, senior: false, items };
  await runs.call('worker', by.tenantId, 'record_draft', asked.run_id, JSON.stringify(drafted));
  return (await runs.gates(by.tenantId, String(asked.run_id)))[0] as GateRow;
}

it('corrects a record by another one with a decision of its own, and changes no row', async () => {
  const { farm } = runs.world;
  const before = await written();
  const payload = { ...SALE, quantity: '31' };
  const asked = await ask(farm.hand, before.id, 'correct', payload);
  const gate = await gateOf(farm.hand, asked, sale({ payload: JSON.stringify(payload) }));
  expect(gate).toMatchObject({ manual: true, record_types: [], record_class: 'financial' });
  const decided = await runs.decide(farm.owner, gate, 'approve');
  expect(await runs.row('records', { id: before.id })).toEqual(before);
  const after = await runs.row('records', { compensates_record_id: before.id });
  expect(after).toMatchObject({ act: 'correct', decision_id: decided.decision_id, record_type: 'sale' });
  expect(await runs.events(String(asked.run_id))).toEqual(
    expect.arrayContaining(['run.accepted', 'decision.recorded', 'record.corrected']),
  );
  // The one that stands now can be corrected again, and the earlier one can't.
  expect(await ask(farm.hand, before.id, 'undo')).toMatchObject({
    code: 'record_compensated',
    now: { compensated_by: after.id },
  });
  expect(await ask(farm.hand, after.id, 'correct', { ...payload, quantity: '32' })).toMatchObject({
    outcome: 'accepted',
  });
});

it('undoes a record: its draft is discarded, and what was undone is not touched again', async () => {
  const { farm } = runs.world;
  const before = await written();
  const gate = await gateOf(farm.hand, await ask(farm.hand, before.id, 'undo'), sale());
  expect(await runs.store(farm.owner, gate, 'approve', { edits: SALE })).toMatchObject({
    code: 'edits_not_allowed',
  });
  await runs.decide(farm.owner, gate, 'approve');
  expect(await runs.row('assistant_drafts', { proposal_id: before.proposal_id })).toMatchObject({
    status: 'discarded',
  });
  const after = await runs.row('records', { compensates_record_id: before.id });
  expect(after.act).toBe('undo');
  expect(await ask(farm.hand, after.id, 'undo')).toMatchObject({ code: 'record_undone' });
});

it('leaves everything as it is when it is rejected, and may be asked for again', async () => {
  const { farm } = runs.world;
  const before = await written();
  const asked = await ask(farm.hand, before.id, 'undo');
  const gate = await gateOf(farm.hand, asked, sale());
  expect(await ask(farm.owner, before.id, 'undo')).toMatchObject({
    code: 'compensation_open',
    now: { run_id: asked.run_id },
  });
  await runs.decide(farm.owner, gate, 'reject');
  await runs.call('worker', farm.id, 'settle_run', asked.run_id);
  await runs.call('worker', farm.id, 'close_run', asked.run_id);
  expect(await runs.count('records', { compensates_record_id: before.id })).toBe(0);
  expect(await ask(farm.owner, before.id, 'undo')).toMatchObject({ outcome: 'accepted' });
});

it('lets one of many win who ask at once, and tells the others of it', async () => {
  const { farm } = runs.world;
  const before = await written();
  const answers = await atOnce(
    Array.from({ length: 8 }, (_, n) => n),
    (n) =>
      ask(
        farm.owner,
        before.id,
        n % 2 ? 'undo' : 'correct',
        n % 2 ? null : { ...SALE, quantity: `${40 + n}` },
      ),
  );
  expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
  const won = answers.find(({ outcome }) => outcome === 'accepted');
  for (const lost of answers.filter((one) => one !== won))
    expect(lost).toMatchObject({ code: 'compensation_open', now: { run_id: won?.run_id } });
});

it('answers the same key with the same run, and another request under it with key_reused', async () => {
  const { farm } = runs.world;
  const before = await written();
  const first = await ask(farm.hand, before.id, 'undo', null, 'k1');
  expect(await ask(farm.hand, before.id, 'undo', null, 'k1')).toEqual({
    outcome: 'replayed',
    run_id: first.run_id,
  });
  expect(await ask(farm.hand, before.id, 'undo', null, 'k1', '{"other": "1"}')).toMatchObject({
    code: 'key_reused',
  });
});

describe('refuses', () => {
  it('what is not there, is another tenant’s, or somebody else’s who may not see it', async () => {
    const { farm, hospital } = runs.world;
    const before = await written();
    const stranger = await addMember(database, farm.id, ['requester']);
    expect(await ask(farm.owner, randomUUID(), 'undo')).toMatchObject({ code: 'record_not_found' });
    expect(await ask(stranger, before.id, 'undo')).toMatchObject({ code: 'record_not_found' });
    expect(await ask(hospital.staff, before.id, 'undo')).toMatchObject({ code: 'record_not_found' });
  });

  it('a correction that lacks a field, or corrects nothing', async () => {
    const { farm } = runs.world;
    const before = await written();
    expect(await ask(farm.hand, before.id, 'correct', { item: 'eggs' })).toMatchObject({
      code: 'record_incomplete',
    });
    expect(await ask(farm.hand, before.id, 'correct', SALE)).toMatchObject({ code: 'nothing_corrected' });
  });

  it('a second record for one that has one, whoever would write it', async () => {
    const { farm } = runs.world;
    const before = await written();
    const gate = await gateOf(farm.hand, await ask(farm.hand, before.id, 'undo'), sale());
    await runs.decide(farm.owner, gate, 'approve');
    const twice = database.asOwner(farm.id, (transaction) =>
      transaction.rows(
        `insert into core.records (tenant_id, decision_id, gate_id, run_id, proposal_id, record_type, content_id, content_hash, written_at, act, compensates_record_id)
         select tenant_id, decision_id, gate_id, run_id, app.new_id(), record_type, content_id, content_hash, written_at, 'undo', id from core.records where id = $1`,
        [before.id],
      ),
    );
    await expect(twice).rejects.toThrow(/records_/);
  });
});

it('is not sent again or recorded by hand when it was refused: it is asked for anew', async () => {
  const { id, owner, hand } = await runs.farm();
  const { runId, gates } = await runs.drafted(hand, [sale()]);
  await runs.decide(owner, gates[0] as GateRow, 'approve');
  const record = await runs.row('records', { run_id: runId });
  const asked = await ask(hand, record.id, 'undo');
  await runs.call('api', id, 'set_member', hand.userId, 'Away', 'person', ['requester'], false, owner.userId);
  expect(await runs.call('worker', id, 'reserve', asked.run_id)).toMatchObject({
    code: 'member_not_allowed',
  });
  for (const [resent, byHand] of [
    [asked.run_id, null],
    [null, asked.run_id],
  ]) {
    const request = [
      'r',
      randomUUID(),
      '{}',
      'farm.record',
      '{}',
      owner.userId,
      resent,
      byHand,
      byHand && 'sale',
    ];
    expect(await runs.call('api', id, 'accept_run', ...request)).toMatchObject({ code: 'not_resendable' });
  }
  expect(await ask(owner, record.id, 'undo')).toMatchObject({ outcome: 'accepted' });
});

describe('what a record led to', () => {
  const words = { rationale: 'The sources agree.', disposition: 'grant' };

  async function verifiedFact(subject: string): Promise<string> {
    const { hospital } = runs.world;
    const [fact, receipt] = [randomUUID(), randomUUID()];
    await runs.call(
      'adapter',
      hospital.id,
      'import_trust_record',
      fact,
      subject,
      'licence',
      '{"value": "x"}',
      3,
    );
    const kept = [receipt, 'registry', subject, '{}', inHours(-1), inHours(48)];
    await runs.call('adapter', hospital.id, 'store_receipt', ...kept);
    await runs.call('adapter', hospital.id, 'verify_trust_record', fact, receipt, inHours(24));
    return fact;
  }

  async function granted(fact: string): Promise<Record<string, unknown>> {
    const { hospital } = runs.world;
    const { runId, gates } = await runs.drafted(
      hospital.staff,
      [grant({}, [fact])],
      'credentialing.privileging',
    );
    await runs.decide(hospital.members[0], gates[0] as GateRow, 'approve', words);
    await runs.decide(hospital.members[1], gates[0] as GateRow, 'approve', words);
    return await runs.row('records', { run_id: runId });
  }

  async function undone(before: Record<string, unknown>, draft: DraftItem): Promise<void> {
    const { hospital } = runs.world;
    const gate = await gateOf(hospital.staff, await ask(hospital.staff, before.id, 'undo'), draft);
    const verdict = { rationale: 'It was a mistake.' };
    expect(await runs.store(hospital.staff, gate, 'approve', verdict)).toMatchObject({
      code: 'role_missing',
    });
    await runs.decide(hospital.members[0], gate, 'approve', verdict);
    if (gate.seats > 1) await runs.decide(hospital.members[1], gate, 'approve', verdict);
  }

  it('falls back with a grant, to another grant that stands, then to what its source says', async () => {
    const fact = await verifiedFact('provider-1');
    const [first, second] = [await granted(fact), await granted(fact)];
    expect(await runs.row('worker_trust_records', { id: fact })).toMatchObject({
      tier: 5,
      approved_by_decision_id: first.decision_id,
    });
    await undone(first, grant({}, [fact]));
    expect(await runs.row('worker_trust_records', { id: fact })).toMatchObject({
      tier: 5,
      approved_by_decision_id: second.decision_id,
    });
    await undone(second, grant({}, [fact]));
    expect(await runs.row('worker_trust_records', { id: fact })).toMatchObject({
      tier: 4,
      approved_by_decision_id: null,
    });
  });

  it('is retracted with an entered fact, which no source verifies again', async () => {
    const { hospital } = runs.world;
    const payload = { subject_id: 'provider-1', kind: 'licence', tier: 3, value: { number: 'X1' } };
    const draft = item('draft', 'trust_fact', payload, {});
    const { runId, gates } = await runs.drafted(hospital.staff, [draft], 'credentialing.extraction');
    await runs.decide(hospital.members[0], gates[0] as GateRow, 'approve', { rationale: 'As written.' });
    const before = await runs.row('records', { run_id: runId });
    const fact = await runs.row('worker_trust_records', { fact_content_id: before.content_id });
    await undone(before, draft);
    const after = await runs.row('records', { compensates_record_id: before.id });
    expect(await runs.row('worker_trust_records', { id: fact.id })).toMatchObject({
      tier: 1,
      retracted_by_decision_id: after.decision_id,
    });
    const receipt = randomUUID();
    const kept = [receipt, 'registry', 'provider-1', '{}', inHours(-1), inHours(48)];
    await runs.call('adapter', hospital.id, 'store_receipt', ...kept);
    expect(
      await runs.call('adapter', hospital.id, 'verify_trust_record', fact.id, receipt, inHours(24)),
    ).toMatchObject({ code: 'trust_record_not_found' });
  });

  it('leaves the index with what was to be remembered', async () => {
    const { farm } = runs.world;
    const draft = item('draft', 'memory', { fact: 'The well is deep.' }, {});
    const { runId, gates } = await runs.drafted(farm.hand, [draft], 'farm.memory');
    await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
    const before = await runs.row('records', { run_id: runId });
    const memory = await runs.row('memories', { content_id: before.content_id });
    const document = await runs.row('documents', { memory_id: memory.id });
    const gate = await gateOf(farm.hand, await ask(farm.hand, before.id, 'undo'), draft);
    await runs.decide(farm.owner, gate, 'approve');
    expect(await runs.row('documents', { id: document.id })).toMatchObject({ state: 'deleted' });
    expect((await runs.row('memories', { id: memory.id })).deleted_at).not.toBeNull();
    expect(await runs.count('document_contents', { document_id: document.id })).toBe(0);
    expect(await runs.count('embeddings', { source_id: document.id })).toBe(0);
  });
});
