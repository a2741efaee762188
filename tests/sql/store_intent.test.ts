import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember, type Person } from '../support/world';
import { grant, hashOf, inHours, sale, sqlRuns, type GateRow, type VerdictWords } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

async function saleGate(changes = {}): Promise<GateRow> {
  const { gates } = await runs.drafted(runs.world.farm.hand, [sale(changes)]);
  return gates[0] as GateRow;
}

async function grantGate(): Promise<GateRow> {
  const { gates } = await runs.drafted(runs.world.hospital.staff, [grant()], 'credentialing.privileging');
  return gates[0] as GateRow;
}

it('stores a verdict with the database’s time and how the person signed in', async () => {
  const gate = await saleGate();
  const stored = await runs.store(runs.world.farm.owner, gate, 'approve');
  expect(stored).toEqual({ outcome: 'stored', intent_id: stored.intent_id, run_id: gate.run_id });
  expect(await runs.row('intents', { id: stored.intent_id })).toMatchObject({
    verdict: 'approve',
    auth_method: 'local_token',
    reason_code: 'correct',
  });
  expect(await runs.count('worklist', { kind: 'intent', ref_id: stored.intent_id })).toBe(1);
});

it('supersedes the same person’s earlier verdict, and nobody else’s', async () => {
  const { farm } = runs.world;
  const rival = await addMember(database, farm.id, ['reviewer']);
  const gate = await saleGate();
  const first = await runs.store(farm.owner, gate, 'approve');
  const other = await runs.store(rival, gate, 'approve');
  const second = await runs.store(farm.owner, gate, 'reject');
  expect(await runs.row('intent_outcomes', { intent_id: first.intent_id })).toMatchObject({
    outcome: 'superseded',
  });
  expect(await runs.count('intent_outcomes', { intent_id: other.intent_id })).toBe(0);
  expect(await runs.apply(farm.id, first.intent_id)).toMatchObject({ outcome: 'superseded' });
  expect(await runs.apply(farm.id, second.intent_id)).toMatchObject({ outcome: 'applied' });
});

describe('refuses, and stores nothing', () => {
  const right: VerdictWords = {};
  const refusals: readonly (readonly [string, string, VerdictWords])[] = [
    ['gate_changed', 'approve', { version: 7 }],
    ['proposal_changed', 'approve', { hash: hashOf('another') }],
    ['rationale_required', 'approve', { reasonCode: null }],
    ['rationale_empty', 'approve', { rationale: '\u00a0\u200b …' }],
    ['reason_code_unknown', 'approve', { reasonCode: 'because' }],
    ['disposition_not_asked', 'approve', { disposition: 'grant' }],
    ['edits_not_allowed', 'reject', { edits: {} }],
    ['record_incomplete', 'approve', { edits: { item: 'eggs' } }],
  ];

  it.each(refusals)('%s', async (code, verdict, words) => {
    const gate = await saleGate();
    const refused = await runs.store(runs.world.farm.owner, gate, verdict, { ...right, ...words });
    expect(refused).toMatchObject({
      outcome: 'refused',
      code,
      now: { gate_id: gate.id, gate_version: 1, gate_outcome: null },
    });
    expect(await runs.count('intents', { gate_id: gate.id })).toBe(0);
  });

  it('gate_not_found, also for a gate of another tenant', async () => {
    const gate = await saleGate();
    const { hospital } = runs.world;
    expect(await runs.store(hospital.members[0], gate, 'approve')).toEqual({
      outcome: 'refused',
      code: 'gate_not_found',
    });
    expect(await runs.store(runs.world.farm.owner, { ...gate, id: randomUUID() }, 'approve')).toMatchObject({
      code: 'gate_not_found',
    });
  });

  it('gate_closed, naming who won', async () => {
    const { owner } = runs.world.farm;
    const gate = await saleGate();
    const won = await runs.decide(owner, gate, 'approve');
    expect(await runs.store(owner, gate, 'reject')).toMatchObject({
      code: 'gate_closed',
      now: { gate_outcome: 'approved', decision_id: won.decision_id, actor_user_id: owner.userId },
    });
  });

  it('gate_closed after the run was withdrawn', async () => {
    const gate = await saleGate();
    await runs.call('api', runs.world.farm.id, 'withdraw_run', gate.run_id, runs.world.farm.hand.userId);
    expect(await runs.store(runs.world.farm.owner, gate, 'approve')).toMatchObject({
      code: 'gate_closed',
      now: { gate_outcome: 'withdrawn' },
    });
  });

  it('gate_late past the due time, although nobody has expired it yet', async () => {
    const gate = await saleGate({ due_at: inHours(1) });
    await runs.shiftClock('2 hours');
    const late = await runs.store(runs.world.farm.owner, gate, 'approve');
    await runs.shiftClock('0');
    expect(late).toMatchObject({ outcome: 'refused', code: 'gate_late' });
  });

  it('role_missing, requester_holds_no_seat, subject_of_run, recused', async () => {
    const { hospital, farm } = runs.world;
    expect(await runs.store(farm.hand, await saleGate(), 'approve')).toMatchObject({ code: 'role_missing' });
    const asks = await addMember(database, hospital.id, ['requester', 'reviewer']);
    const words = { rationale: 'Yes.', disposition: 'grant' };
    const own = (await runs.drafted(asks, [grant()], 'credentialing.privileging')).gates[0] as GateRow;
    expect(await runs.store(asks, own, 'approve', words)).toMatchObject({ code: 'requester_holds_no_seat' });
    const about = await runs.call(
      'api',
      hospital.id,
      'accept_run',
      'r',
      randomUUID(),
      '{}',
      'credentialing.privileging',
      JSON.stringify({ subject: { id: 'provider-2', user_id: hospital.members[1].userId } }),
      hospital.staff.userId,
    );
    const gate = await gateOf(String(about.run_id));
    expect(await runs.store(hospital.members[1], gate, 'approve', words)).toMatchObject({
      code: 'subject_of_run',
    });
    await runs.call('api', hospital.id, 'recuse', gate.id, hospital.members[2].userId);
    expect(await runs.store(hospital.members[2], gate, 'approve', words)).toMatchObject({ code: 'recused' });
    expect(await runs.store(hospital.members[0], gate, 'approve', words)).toMatchObject({
      outcome: 'stored',
    });
  });

  it('person_required for a service, a key that is revoked, expired or somebody else’s, and who is no longer active', async () => {
    const { farm } = runs.world;
    const gate = await saleGate();
    const key = async (expiresAt: string | null, owner: Person = farm.owner): Promise<string> => {
      const id = randomUUID().replaceAll('-', '').slice(0, 16);
      await runs.call(
        'api',
        farm.id,
        'create_key',
        id,
        owner.userId,
        'k',
        hashOf(id),
        'local_token',
        expiresAt,
        null,
      );
      return id;
    };
    const revoked = await key(null);
    await runs.call('api', farm.id, 'revoke_key', revoked, null);
    const left = await addMember(database, farm.id, ['reviewer']);
    await runs.call('api', farm.id, 'set_member', left.userId, 'Left', 'person', ['reviewer'], false, null);
    const service = { ...farm.owner, userId: randomUUID() };
    await runs.call(
      'api',
      farm.id,
      'set_member',
      service.userId,
      'Robot',
      'service',
      ['reviewer'],
      true,
      null,
    );
    const verdicts = [
      runs.store(farm.owner, gate, 'approve', { keyId: revoked }),
      runs.store(farm.owner, gate, 'approve', { keyId: await key(inHours(-1)) }),
      runs.store(farm.owner, gate, 'approve', { keyId: left.keyId }),
      runs.store(left, gate, 'approve'),
      runs.store(service, gate, 'approve', { keyId: await key(null, service) }),
    ];
    for (const refused of await Promise.all(verdicts))
      expect(refused).toMatchObject({ outcome: 'refused', code: 'person_required' });
  });

  it('disposition_required, disposition_differs and rationale_required where two people grant in words', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    expect(await runs.store(first, gate, 'approve', { rationale: 'Yes.' })).toMatchObject({
      code: 'disposition_required',
    });
    expect(
      await runs.store(first, gate, 'approve', { reasonCode: 'correct', disposition: 'grant' }),
    ).toMatchObject({ code: 'rationale_required' });
    await runs.decide(first, gate, 'approve', { rationale: 'نعم', disposition: 'grant' });
    expect(
      await runs.store(second, gate, 'approve', {
        rationale: 'No.',
        disposition: 'defer',
        rationaleParts: { awaited: 'A reference.' },
      }),
    ).toMatchObject({ code: 'disposition_differs' });
    expect(
      await runs.store(second, gate, 'approve', { rationale: 'x', disposition: 'grant', edits: {} }),
    ).toMatchObject({ code: 'edits_not_allowed' });
  });

  it('edits_required and edits_differ on a manual gate', async () => {
    const { hospital } = runs.world;
    const { gates } = await runs.drafted(
      hospital.staff,
      [grant({ kind: 'manual', payload: '{}' })],
      'credentialing.privileging',
    );
    const gate = gates[0] as GateRow;
    const words = { rationale: 'Seen.', disposition: 'grant' };
    const record = JSON.parse(grant().payload) as object;
    const [first, second] = hospital.members;
    expect(await runs.store(first, gate, 'approve', words)).toMatchObject({ code: 'edits_required' });
    await runs.decide(first, gate, 'approve', { ...words, edits: record });
    expect(
      await runs.store(second, gate, 'approve', { ...words, edits: { ...record, met: 9 } }),
    ).toMatchObject({ code: 'edits_differ' });
    expect(await runs.decide(second, gate, 'approve', { ...words, edits: record })).toMatchObject({
      outcome: 'applied',
      gate: { gate_outcome: 'approved' },
    });
  });
});

async function gateOf(runId: string): Promise<GateRow> {
  const { hospital } = runs.world;
  await runs.call('worker', hospital.id, 'reserve', runId);
  await runs.call(
    'worker',
    hospital.id,
    'store_prompt',
    runId,
    JSON.stringify({ prompt: 'p', primary_call_key: hashOf(runId).toString('hex'), tokens: [] }),
  );
  const call = await runs.begin(hospital.id, runId);
  await runs.finish(hospital.id, call);
  const about = grant({ payload: grant().payload.replace('provider-1', 'provider-2') });
  await runs.call(
    'worker',
    hospital.id,
    'record_draft',
    runId,
    JSON.stringify({ advisory: 'available', ai_run_id: call.ai_run_id, senior: false, items: [about] }),
  );
  return (await runs.gates(hospital.id, runId))[0] as GateRow;
}
