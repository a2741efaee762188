import { randomBytes } from 'node:crypto';
import { embedHashedFeatures } from '../../activities/gateway/providers/local/embedding';
import { EMBEDDING_MODEL } from '../../contract/model';
import type { TestDatabase } from './database';

export interface Remembered {
  readonly documentId: string;
  readonly passageId: string;
}

const ANSWERED = {
  status: 'answered',
  input_tokens: '3',
  output_tokens: '0',
  cache_read_tokens: '0',
  cache_write_tokens: '0',
  latency_ms: '1',
  provider_request_id: null,
};

/** A document of one passage, read as a worker reads it but for the scrubber: its text is the tenant's own words. */
export async function remember(
  database: TestDatabase,
  tenantId: string,
  text: string,
  embedding: readonly number[] = embedHashedFeatures(text),
  model: string = EMBEDDING_MODEL.model,
): Promise<Remembered> {
  return await database.asOwner(tenantId, async (transaction) => {
    const documentId = await transaction.value<string>(
      "select (core.put_document('document', 'text/plain', 'Notes', convert_to($1, 'UTF8'), null)).id",
      [text],
    );
    const passage = { page: 1, start: 0, end: text.length, text };
    await transaction.value('select app.store_passages($1, $2)', [
      documentId,
      JSON.stringify({ pages: 1, characters: text.length, passages: [passage] }),
    ]);
    const passageId = await transaction.value<string>('select id from core.passages where document_id = $1', [
      documentId,
    ]);
    const begun = await transaction.value<{ ai_run_id: string; attempt: number }>(
      'select app.begin_passage($1, $2, $3, $4, $5, $6)',
      [passageId, randomBytes(32), text, EMBEDDING_MODEL.vendor, model, EMBEDDING_MODEL.region],
    );
    await transaction.value('select app.finish_passage($1, $2, $3, $4, $5)', [
      passageId,
      begun.ai_run_id,
      begun.attempt,
      JSON.stringify(embedding),
      JSON.stringify(ANSWERED),
    ]);
    await transaction.value('select app.close_document($1, $2, null, true)', [documentId, model]);
    return { documentId, passageId };
  });
}

/** What the packs' shared knowledge is, for a test: the tenant `__global__` then exists with all that a call asks for. */
export async function share(
  database: TestDatabase,
  items: readonly { readonly name: string; readonly text: string }[],
): Promise<{ readonly added: number; readonly removed: number; readonly unchanged: number }> {
  const whole = items.map((item) => ({
    title: 'A fact',
    publisher: 'An authority',
    address: 'https://example.org/a',
    ...item,
  }));
  return await database.asOwner('__global__', (transaction) =>
    transaction.value('select app.register_knowledge($1, $2)', [JSON.stringify(whole), 1_000_000_000n]),
  );
}
