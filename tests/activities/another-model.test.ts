import { MockActivityEnvironment } from '@temporalio/testing';
import { createReadDocument } from '../../activities/read-document';
import { createScrub } from '../../activities/scrub';
import type { Provider } from '../../contract/model';
import { rereadDocuments } from '../../db/reread-documents';
import { testDatabase } from '../support/database';
import { remember } from '../support/knowledge';
import { allowModel } from '../support/world';
import { steps } from './support/steps';

/* An installation chooses another embedding model: what was there is embedded once more, and found by it. */

const database = testDatabase();
const world = steps(database);
const OTHER = { vendor: 'other', model: 'other-embedding-2', region: 'here' };

/** Another vendor's: it gives every text one of two directions, by whether it speaks of water. */
const other: Provider = {
  vendor: OTHER.vendor,
  complete: () => Promise.reject(new Error('it only embeds')),
  embed: ({ ref, text }) => {
    expect(ref).toEqual(OTHER);
    const embedding = new Array<number>(1024).fill(0);
    embedding[/water|drinkers/.test(text) ? 0 : 1] = 1;
    const usage = { inputTokens: 2, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    return Promise.resolve({ embedding, usage, providerRequestId: 'e-1' });
  },
};

it('embeds every document by the model that the installation names, and asks by it', async () => {
  await allowModel(database, world.world.platformAdmin, OTHER);
  const farm = await world.farm();
  const { documentId } = await remember(database, farm.id, 'The drinkers hold 200 litres.');
  const dependencies = { ...world.withProviders({ other }), embedding: OTHER };

  expect(await rereadDocuments(database.open('worker'), 'hashed-features-1')).toBe(0);
  expect(await rereadDocuments(database.open('worker'), OTHER.model)).toBe(1);
  expect(await rereadDocuments(database.open('worker'), OTHER.model)).toBe(0);
  const reading = createReadDocument(dependencies);
  expect(await new MockActivityEnvironment().run(reading, { tenantId: farm.id, documentId })).toEqual({
    outcome: 'ready',
  });
  const vectors = await database.look<{ model: string }>(
    'select model from core.embeddings where source_id = $1 order by created_at',
    [documentId],
  );
  expect(vectors.map(({ model }) => model)).toEqual(['hashed-features-1', OTHER.model]);

  const question = { question: 'How much water is there?' };
  const runId = await world.accept(farm.hand, 'farm.recommendation', question);
  await world.activities.reserve({ tenantId: farm.id, runId });
  await createScrub(dependencies)({ tenantId: farm.id, runId });
  const shown = await database.look('select from core.run_passages where run_id = $1', [runId]);
  expect(shown).toHaveLength(1);
  const calls = await database.look<{ model: string }>(
    "select model from core.ai_runs where run_id = $1 and kind = 'embedding'",
    [runId],
  );
  expect(calls).toEqual([{ model: OTHER.model }]);
});
