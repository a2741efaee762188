import { sale, sqlRuns, type Farm, type GateRow } from '../sql/support/runs';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
const runs = sqlRuns(database);
const api = testApi(() => ({ database, world: runs.world }));

let farm: Farm;
let reviewer: Person;
let auditor: Person;

beforeAll(async () => {
  farm = await runs.farm();
  reviewer = await addMember(database, farm.id, ['reviewer']);
  auditor = await addMember(database, farm.id, ['auditor']);
  const { gates } = await runs.drafted(farm.hand, [sale(), sale(), sale()]);
  const [one, two, three] = gates as [GateRow, GateRow, GateRow];
  await runs.decide(farm.owner, one, 'approve');
  await runs.decide(reviewer, two, 'reject');
  await runs.decide(reviewer, three, 'approve');
}, 120_000);

const people = async (by: Person, query = {}): Promise<string[]> => {
  const { body } = await api.ask(by, 'reviewers.list', { query });
  return body.items.map(({ user_id: id }) => id).sort();
};

it('shows everybody to an admin and an auditor, and a reviewer to themselves alone', async () => {
  const all = [farm.owner.userId, reviewer.userId].sort();
  expect(await people(farm.owner)).toEqual(all);
  expect(await people(auditor)).toEqual(all);
  expect(await people(reviewer)).toEqual([reviewer.userId]);
  expect((await api.refused(farm.hand, 'reviewers.list')).body.code).toBe('not_allowed');
});

it('tells what it counted, and of which time', async () => {
  const { body } = await api.ask(reviewer, 'reviewers.list');
  expect(body).toMatchObject({ quick_seconds: 10, sure_permille: 900 });
  expect(Date.parse(body.to) - Date.parse(body.from)).toBe(30 * 86_400_000);
  expect(body.items).toMatchObject([
    {
      purpose: 'farm.record',
      decisions: '2',
      approvals: '1',
      rejections: '1',
      agreed: '1',
      overrides: '1',
      sure_overrides: '1',
      quick: '1',
      held: '0',
      held_seconds_median: null,
    },
  ]);
});

it.each([
  ['ends before it begins', '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['is longer than a question may take', '2024-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
])('refuses a time that %s', async (_what, from, to) => {
  const { body } = await api.refused(auditor, 'reviewers.list', { query: { from, to } });
  expect(body).toMatchObject({ code: 'input_invalid', errors: [{ pointer: '/from' }] });
});
