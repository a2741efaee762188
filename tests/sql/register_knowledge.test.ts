import { testDatabase } from '../support/database';
import { share } from '../support/knowledge';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

async function texts(): Promise<string[]> {
  const rows = await database.look<{ text: string }>(
    `select convert_from(c.bytes, 'UTF8') as text from core.documents d join core.document_contents c
       on c.tenant_id = d.tenant_id and c.document_id = d.id where d.tenant_id = '__global__' and d.state <> 'deleted' order by 1`,
  );
  return rows.map(({ text }) => text);
}

it('adds what is new, leaves what is the same, replaces what has changed, deletes what is gone', async () => {
  const first = [
    { name: 'a', text: 'Hens lay eggs.' },
    { name: 'b', text: 'Water is wet.' },
  ];
  expect(await share(database, first)).toEqual({ added: 2, removed: 0, unchanged: 0 });
  expect(await share(database, first)).toEqual({ added: 0, removed: 0, unchanged: 2 });
  expect(await texts()).toEqual(['Hens lay eggs.', 'Water is wet.']);
  const next = [
    { name: 'a', text: 'Hens lay eggs daily.' },
    { name: 'c', text: 'Grass is green.' },
  ];
  expect(await share(database, next)).toEqual({ added: 2, removed: 2, unchanged: 0 });
  expect(await texts()).toEqual(['Grass is green.', 'Hens lay eggs daily.']);
});

it('gives the shared knowledge an account, a secret and one policy, once', async () => {
  await share(database, []);
  await share(database, []);
  for (const table of ['accounts', 'tenant_secrets', 'ai_policy_controls'])
    expect([table, await runs.count(table, { tenant_id: '__global__' })]).toEqual([table, 1]);
});

it('is registered in no other tenant, and without an address of its source not at all', async () => {
  const items = JSON.stringify([{ name: 'a', title: 'A', publisher: 'P', address: 'http://x', text: 't' }]);
  const register = (tenantId: string) =>
    database.asOwner(tenantId, (transaction) =>
      transaction.value('select app.register_knowledge($1, 0)', [items]),
    );
  expect(await stateOf(register(runs.world.farm.id))).toBe('ZC003');
  expect(await stateOf(register('__global__'))).toBe('23514');
});
