import { MockActivityEnvironment } from '@temporalio/testing';
import { createProviders } from '../../activities/gateway/create-providers';
import { embedHashedFeatures } from '../../activities/gateway/providers/local/embedding';
import { createReadDocument } from '../../activities/read-document';
import { testDatabase } from '../support/database';
import { sqlRuns, type DraftItem, type Farm } from '../sql/support/runs';

/* A fact that a person confirms is found by later runs, as the person wrote it, until somebody deletes it. */

const database = testDatabase();
const runs = sqlRuns(database);

function fact(text: string): DraftItem {
  return {
    kind: 'draft',
    record_type: 'memory',
    payload: JSON.stringify({ fact: text }),
    confidence_permille: 1000,
    shown: true,
    question: '{"question": "Remember it?"}',
    due_at: new Date(Date.now() + 86_400_000).toISOString(),
    instants: [],
  };
}

async function found(
  farm: Farm,
): Promise<readonly { readonly source_type: string; readonly text: string }[]> {
  const asked = JSON.stringify(embedHashedFeatures('Which pond is the nursery?'));
  return await runs.call('worker', farm.id, 'similar_passages', asked, 'hashed-features-1', 4);
}

it('is remembered when it is approved, with the person’s edits, and forgotten when it is deleted', async () => {
  const farm = await runs.farm();
  const { gates } = await runs.drafted(farm.hand, [fact('Pond 2 is the nursery.')], 'farm.memory');
  const [gate] = gates;
  if (gate === undefined) throw new Error('a memory has a gate');
  const edits = { fact: 'Pond 3 is the nursery.' };
  expect(await runs.decide(farm.owner, gate, 'approve', { edits })).toMatchObject({ outcome: 'applied' });

  const document = await runs.row('documents', { tenant_id: farm.id });
  expect(document).toMatchObject({ source_type: 'memory', state: 'pending', added_by: farm.owner.userId });
  expect(await found(farm)).toEqual([]);
  const reading = createReadDocument({ database: database.open('worker'), providers: createProviders() });
  const reference = { tenantId: farm.id, documentId: String(document.id) };
  expect(await new MockActivityEnvironment().run(reading, reference)).toEqual({ outcome: 'ready' });
  expect(await found(farm)).toMatchObject([{ source_type: 'memory', text: 'Pond 3 is the nursery.' }]);

  await runs.call('api', farm.id, 'delete_document', document.id, farm.owner.userId);
  expect(await found(farm)).toEqual([]);
  expect(await runs.row('memories', { tenant_id: farm.id })).toMatchObject({
    created_by: farm.owner.userId,
    deleted_at: expect.any(String) as unknown,
  });
});

it('is not remembered when it is rejected', async () => {
  const farm = await runs.farm();
  const { gates } = await runs.drafted(farm.hand, [fact('Pond 2 is the nursery.')], 'farm.memory');
  const [gate] = gates;
  if (gate === undefined) throw new Error('a memory has a gate');
  await runs.decide(farm.owner, gate, 'reject');
  expect(await runs.count('documents', { tenant_id: farm.id })).toBe(0);
  expect(await runs.count('memories', { tenant_id: farm.id })).toBe(0);
});
