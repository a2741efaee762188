import { randomBytes, randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { proofOf } from '../support/proofs';
import { addMember, changePolicy, type Person } from '../support/world';
import { sale, sqlRuns, type Answer, type Farm, type GateRow, type VerdictWords } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const SALE = JSON.parse(sale().payload) as Record<string, unknown>;

async function asking(minutes = 5): Promise<{ farm: Farm; gate: GateRow; second: Person }> {
  const farm = await runs.farm();
  const second = await addMember(database, farm.id, ['reviewer', 'requester']);
  await changePolicy(database, farm.owner, { reauthenticate_protected_minutes: minutes });
  return { farm, second, gate: await open(farm) };
}

async function open(farm: Farm): Promise<GateRow> {
  return (await runs.drafted(farm.hand, [sale()])).gates[0] as GateRow;
}

/** Proves anew who somebody is, for a verdict in these words. */
async function prove(
  by: Person,
  gate: GateRow,
  verdict: string,
  words: VerdictWords = {},
  secret = randomBytes(32),
): Promise<{ id: unknown; secret: Buffer; answer: Answer }> {
  const answer = await database.as(
    'api',
    by.tenantId,
    (transaction) =>
      transaction.value<Answer>(
        `select app.reauthenticate(p_gate_id => $1, p_secret => $2, p_gate_version => $3, p_proposal_hash => decode($4, 'hex'),
           p_shown_hash => app.shown_hash($1, $5), p_verdict => $6, p_disposition => null, p_reason_code => 'correct', p_rationale => null,
           p_rationale_parts => null, p_edits => $7, p_record_type => null, p_on_behalf_of => null, p_key_id => $8, p_actor_user_id => $5)`,
        [
          gate.id,
          secret,
          gate.version,
          gate.proposal_hash,
          by.userId,
          verdict,
          words.edits === undefined ? null : JSON.stringify(words.edits),
          by.keyId,
        ],
      ),
    proofOf(by.token),
  );
  return { id: answer.proof_id, secret, answer };
}

it('lets a verdict pass with a proof made for it, and notes when the person proved who they are', async () => {
  const { farm, gate } = await asking();
  expect(await runs.store(farm.owner, gate, 'approve')).toMatchObject({ code: 'reauthentication_required' });
  const proof = await prove(farm.owner, gate, 'approve');
  expect(proof.answer).toMatchObject({ outcome: 'proved' });
  const stored = await runs.store(farm.owner, gate, 'approve', { proof });
  expect(stored.outcome).toBe('stored');
  const kept = await runs.row('reauthentications', { id: proof.id });
  expect(await runs.row('intents', { id: stored.intent_id })).toMatchObject({
    reauthentication_id: proof.id,
    authenticated_at: kept.authenticated_at,
  });
  const applied = await runs.apply(farm.id, stored.intent_id);
  const [event] = await database.look<{ payload: string }>(
    "select payload from core.audit_log where run_id = $1 and type = 'decision.recorded'",
    [gate.run_id],
  );
  expect(applied.outcome).toBe('applied');
  expect(event?.payload).toContain('"meaning":"approval"');
  expect(event?.payload).toContain(`"reauthentication_id":"${String(proof.id)}"`);
  expect(event?.payload).toMatch(/"printed_name_hash":"[0-9a-f]{64}"/);
});

describe('refuses a proof', () => {
  it('that was used', async () => {
    const { farm, gate } = await asking();
    const proof = await prove(farm.owner, gate, 'approve');
    expect(await runs.store(farm.owner, gate, 'approve', { proof })).toMatchObject({ outcome: 'stored' });
    expect(await runs.store(farm.owner, gate, 'approve', { proof })).toMatchObject({
      code: 'reauthentication_invalid',
    });
  });

  it('that two requests use at once, but for one of them', async () => {
    const { farm, gate } = await asking();
    const proof = await prove(farm.owner, gate, 'approve');
    const both = await Promise.all([1, 2].map(() => runs.store(farm.owner, gate, 'approve', { proof })));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'stored']);
  });

  it('of somebody else', async () => {
    const { farm, gate, second } = await asking();
    const proof = await prove(second, gate, 'approve');
    expect(await runs.store(farm.owner, gate, 'approve', { proof })).toMatchObject({
      code: 'reauthentication_invalid',
    });
  });

  it('for another gate, or from another tenant', async () => {
    const { farm, gate } = await asking();
    const other = await prove(farm.owner, await open(farm), 'approve');
    expect(await runs.store(farm.owner, gate, 'approve', { proof: other })).toMatchObject({
      code: 'reauthentication_invalid',
    });
    const elsewhere = await asking();
    const theirs = await prove(elsewhere.farm.owner, elsewhere.gate, 'approve');
    expect(await runs.store(farm.owner, gate, 'approve', { proof: theirs })).toMatchObject({
      code: 'reauthentication_invalid',
    });
    expect((await prove(elsewhere.farm.owner, gate, 'approve')).answer).toMatchObject({
      code: 'gate_not_found',
    });
  });

  it.each<readonly [string, string, VerdictWords]>([
    ['verdict', 'reject', {}],
    ['edit', 'approve', { edits: { ...SALE, total_minor: '1' } }],
    ['reason', 'approve', { rationale: 'Something else.' }],
  ])('whose %s was swapped since', async (_what, verdict, words) => {
    const { farm, gate } = await asking();
    const proof = await prove(farm.owner, gate, 'approve', { edits: SALE });
    expect(await runs.store(farm.owner, gate, verdict, { edits: SALE, ...words, proof })).toMatchObject({
      outcome: 'refused',
      code: verdict === 'reject' ? 'edits_not_allowed' : 'reauthentication_invalid',
    });
    expect(await runs.store(farm.owner, gate, 'approve', { edits: SALE, proof })).toMatchObject({
      outcome: 'stored',
    });
  });

  it('with another secret, or that there is not', async () => {
    const { farm, gate } = await asking();
    const { id } = await prove(farm.owner, gate, 'approve');
    for (const proof of [
      { id, secret: randomBytes(32) },
      { id: randomUUID(), secret: randomBytes(32) },
    ])
      expect(await runs.store(farm.owner, gate, 'approve', { proof })).toMatchObject({
        code: 'reauthentication_invalid',
      });
  });

  it('about a view that has changed since', async () => {
    const { farm, gate } = await asking();
    const proof = await prove(farm.owner, gate, 'approve');
    await changePolicy(database, farm.owner, { reauthenticate_protected_minutes: 6 });
    const stale = await runs.store(farm.owner, gate, 'approve', { proof });
    expect(stale).toMatchObject({ code: 'gate_changed' });
    const [now] = await runs.gates(farm.id, gate.run_id);
    expect(await runs.store(farm.owner, now as GateRow, 'approve', { proof })).toMatchObject({
      code: 'reauthentication_invalid',
    });
  });
});

it('refuses a proof that has run out', async () => {
  const { farm, gate } = await asking(1);
  const proof = await prove(farm.owner, gate, 'approve');
  await runs.shiftClock('61 seconds');
  const late = await runs.store(farm.owner, gate, 'approve', { proof });
  await runs.shiftClock('0');
  expect(late).toMatchObject({ code: 'reauthentication_late' });
});

it('makes no proof at a closed gate, for a service, or for somebody whose key was not presented', async () => {
  const { farm, gate, second } = await asking();
  const proof = await prove(farm.owner, gate, 'reject');
  await runs.decide(farm.owner, gate, 'reject', { proof });
  expect((await prove(farm.owner, gate, 'approve')).answer).toMatchObject({ code: 'gate_closed' });
  await expect(prove({ ...second, token: farm.owner.token }, gate, 'approve')).rejects.toMatchObject({
    code: 'ZC012',
  });
});

it('asks nothing where the tenant does not, and nothing of routine records', async () => {
  const farm = await runs.farm();
  expect(await runs.store(farm.owner, await open(farm), 'approve')).toMatchObject({ outcome: 'stored' });
});
