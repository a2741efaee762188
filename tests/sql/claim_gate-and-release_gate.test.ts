import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember } from '../support/world';
import { sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const claim = (gate: GateRow, userId: string, lease = '1 hour') =>
  runs.call('api', runs.world.farm.id, 'claim_gate', gate.id, userId, lease);

async function openGate(): Promise<GateRow> {
  return (await runs.drafted(runs.world.farm.hand, [sale()])).gates[0] as GateRow;
}

it('is one person’s for a while, renewed by the same and refused to others, with the holder', async () => {
  const { farm } = runs.world;
  const rival = await addMember(database, farm.id, ['reviewer']);
  const gate = await openGate();
  const answers = await Promise.all([claim(gate, farm.owner.userId), claim(gate, rival.userId)]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['claimed', 'refused']);
  const [winner, loser] = answers[0]?.outcome === 'claimed' ? [farm.owner, rival] : [rival, farm.owner];
  expect(await claim(gate, loser.userId)).toMatchObject({
    code: 'gate_claimed',
    now: { claimed_by: winner.userId },
  });
  expect(await claim(gate, winner.userId)).toMatchObject({ outcome: 'claimed' });
  await runs.shiftClock('2 hours');
  const later = await claim(gate, loser.userId);
  await runs.shiftClock('0');
  expect(later).toMatchObject({ outcome: 'claimed' });
});

it('does not keep anybody from deciding: a claim is a courtesy, a seat is a right', async () => {
  const { farm } = runs.world;
  const rival = await addMember(database, farm.id, ['reviewer']);
  const gate = await openGate();
  await claim(gate, rival.userId);
  expect(await runs.decide(farm.owner, gate, 'reject')).toMatchObject({ outcome: 'applied' });
  expect(await runs.row('gates', { id: gate.id })).toMatchObject({ claimed_by: null, claimed_until: null });
});

it('is released by its holder alone', async () => {
  const { farm } = runs.world;
  const gate = await openGate();
  await claim(gate, farm.owner.userId);
  const release = (userId: string) => runs.call('api', farm.id, 'release_gate', gate.id, userId);
  expect(await release(farm.hand.userId)).toEqual({ outcome: 'not_held' });
  expect(await release(farm.owner.userId)).toEqual({ outcome: 'released' });
  expect(await release(farm.owner.userId)).toEqual({ outcome: 'not_held' });
});

it('is refused to who could not decide, on a closed gate, and on one that is not there', async () => {
  const { farm, hospital } = runs.world;
  const gate = await openGate();
  expect(await claim(gate, farm.hand.userId)).toMatchObject({ outcome: 'refused', code: 'role_missing' });
  expect(await stateOf(claim(gate, hospital.senior.userId))).toBe('ZC012');
  expect(await claim({ ...gate, id: randomUUID() }, farm.owner.userId)).toMatchObject({
    code: 'gate_not_found',
  });
  await runs.decide(farm.owner, gate, 'reject');
  expect(await claim(gate, farm.owner.userId)).toMatchObject({
    code: 'gate_closed',
    now: { gate_outcome: 'rejected' },
  });
});
