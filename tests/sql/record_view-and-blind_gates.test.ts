import { randomUUID } from 'node:crypto';
import type { Role } from '../../contract/states';
import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import {
  item,
  note,
  sale,
  sqlRuns,
  type Answer,
  type DraftItem,
  type Farm,
  type GateRow,
} from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

interface Gate extends GateRow {
  readonly blind_first: boolean;
}

let farm: Farm;
beforeAll(async () => {
  farm = await runs.farm();
  await changePolicy(database, farm.owner, { blind_first_protected: true });
});

async function open(drafted: DraftItem, by: Person = farm.hand): Promise<Gate> {
  const { gates } = await runs.drafted(by, [drafted]);
  return gates[0] as Gate;
}
const view = (by: Person, gate: GateRow, note = 'I sold them.'): Promise<Answer> =>
  runs.call('api', farm.id, 'record_view', gate.id, 'approve', null, note, by.userId);
const blind = async (to: Person, gate: GateRow): Promise<boolean> => {
  const rows = await database.as('api', farm.id, (transaction) =>
    transaction.rows<{ gate_id: string }>('select gate_id from app.blind_gates($1, $2)', [
      to.userId,
      [gate.run_id],
    ]),
  );
  return rows.some(({ gate_id: id }) => id === gate.id);
};
const member = (roles: readonly Role[]): Promise<Person> => addMember(database, farm.id, roles);

it.each<readonly [string, DraftItem, boolean]>([
  ['a protected class', sale(), true],
  ['a routine one', note(), false],
  [
    'what a person writes by hand',
    item('manual', 'sale', { by: 'hand' }, { confidence_permille: null }),
    false,
  ],
])('asks a view first of %s', async (_what, drafted, asked) => {
  expect((await open(drafted)).blind_first).toBe(asked);
});

it('keeps what it asked when the policy changes: what was shown can’t be unseen', async () => {
  const asking = await open(sale());
  await changePolicy(database, farm.owner, { blind_first_protected: false });
  const shown = await open(sale());
  await changePolicy(database, farm.owner, { blind_first_protected: true });
  const both = await Promise.all([asking, shown].map((gate) => runs.row('gates', { id: gate.id })));
  expect(both.map((gate) => gate.blind_first)).toEqual([true, false]);
  const changed = database.asOwner(farm.id, (transaction) =>
    transaction.rows('update core.gates set blind_first = false where id = $1', [asking.id]),
  );
  expect(await stateOf(changed)).toBe('ZC008');
});

it.each<readonly [string, readonly Role[], boolean]>([
  ['a reviewer', ['reviewer'], true],
  ['a senior, whose role may yet be asked', ['senior'], true],
  ['an admin', ['admin'], true],
  ['an auditor', ['auditor'], false],
  ['an operator', ['operator'], false],
])('holds the model back from %s', async (_who, roles, held) => {
  expect(await blind(await member(roles), await open(sale()))).toBe(held);
});

it('holds it back until that person has said something, from each of them by themselves', async () => {
  const other = await member(['reviewer']);
  const gate = await open(sale());
  expect(await view(farm.owner, gate)).toMatchObject({ outcome: 'recorded' });
  expect([await blind(farm.owner, gate), await blind(other, gate)]).toEqual([false, true]);
  expect(await view(farm.owner, gate)).toMatchObject({ code: 'view_recorded' });
  expect(await runs.store(other, gate, 'approve')).toMatchObject({ code: 'view_required' });
  expect(await runs.store(other, gate, 'escalate')).toMatchObject({ code: 'view_required' });
  await runs.decide(farm.owner, gate, 'approve');
  expect(await blind(other, gate)).toBe(false);
});

it('holds it back from who declares a conflict too: nobody recuses to look', async () => {
  const other = await member(['reviewer']);
  const gate = await open(sale());
  await runs.call('api', farm.id, 'recuse', gate.id, other.userId);
  expect(await blind(other, gate)).toBe(true);
  expect(await view(other, gate)).toMatchObject({ code: 'recused' });
});

it.each(['revoked', 'another’s', 'none'] as const)('takes a view under no key that is %s', async (which) => {
  const other = await member(['reviewer']);
  const gate = await open(sale());
  if (which === 'revoked') await runs.call('api', farm.id, 'revoke_key', other.keyId, farm.owner.userId);
  const proof = which === 'none' ? null : undefined;
  const named = which === 'another’s' ? randomUUID() : other.userId;
  const call = database.as(
    'api',
    farm.id,
    (transaction) =>
      transaction.value('select app.record_view($1, $2, null, $3, $4)', [gate.id, 'approve', 'x', named]),
    proof,
  );
  expect(await stateOf(call)).toBe('ZC012');
});

it('takes no view without words, of no gate, nor one that is late', async () => {
  const gate = await open(sale());
  expect(await view(farm.owner, gate, ' … ')).toMatchObject({ code: 'rationale_empty' });
  expect(await view(farm.owner, { ...gate, id: randomUUID() })).toMatchObject({ code: 'gate_not_found' });
  await runs.shiftClock('25 hours');
  expect(await view(farm.owner, gate)).toMatchObject({ code: 'gate_late' });
  await runs.shiftClock('0');
});
