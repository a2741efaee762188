import { createHmac } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { isDocumentMediaType } from '../contract/document';
import { ERRORS, type ErrorCode } from '../contract/errors';
import { EMBEDDING_MODEL } from '../contract/model';
import { callInTenant, inTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import { passagesOf } from './documents/read';
import { createPassageEmbedder } from './gateway/embed';
import type { KnownIndex } from './scrubber/known-index';
import { KnownTenants, type KnownSince } from './scrubber/known-tenants';
import { leakScan } from './scrubber/leak-scan';
import { ScrubError, scrubText } from './scrubber/scrub';
import { randomToken } from './scrubber/token';

export interface DocumentReference {
  readonly tenantId: string;
  readonly documentId: string;
}

/** What became of it: `pending` when it could not be read to its end now. */
export interface ReadAnswer {
  readonly outcome: 'ready' | 'refused' | 'pending' | 'closed';
}

interface Loaded {
  readonly media_type: string;
  readonly bytes: Buffer | null;
  readonly is_split: boolean;
  readonly passages: readonly StoredPassage[];
  readonly known: KnownSince;
  readonly places: readonly string[];
  readonly call_key_secret: Buffer;
}

interface StoredPassage {
  readonly id: string;
  readonly text: string;
}

const HEARTBEAT_EVERY_MS = 5_000;
/** What packs bring has no people in it: dates and places are what its facts are about. */
const SHARED = '__global__';

/**
 * Reads a document: splits it once, then has each passage embedded that has no vector yet. What is embedded is scrubbed
 * like a prompt; the tokens are kept nowhere, since nothing of it comes back. It can be stopped at any point and called
 * again: what was split and embedded stays.
 */
export function createReadDocument(
  dependencies: Pick<ActivityDependencies, 'database' | 'providers' | 'embedding'>,
) {
  const { database, embedding = EMBEDDING_MODEL } = dependencies;
  const embed = createPassageEmbedder(dependencies);
  const knowing = new KnownTenants();

  return async (reference: DocumentReference): Promise<ReadAnswer> => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      return await read(reference, context.cancellationSignal);
    } finally {
      clearInterval(beat);
    }
  };

  async function read(reference: DocumentReference, signal: AbortSignal): Promise<ReadAnswer> {
    const refusal = await split(reference);
    if (refusal !== undefined) return await close(reference, refusal, true);
    const loaded = await load(reference);
    if (loaded === undefined) return { outcome: 'closed' };
    const known = knowing.of(reference.tenantId).learn(loaded.known);
    for (const passage of loaded.passages) {
      signal.throwIfAborted();
      const text = scrubbed(passage.text, reference.tenantId, known, loaded.places);
      if (text === undefined) return await close(reference, 'identifier_leaked', true);
      const callKey = createHmac('sha256', loaded.call_key_secret)
        .update(JSON.stringify([passage.id, embedding]))
        .digest();
      const { outcome, code } = await embed({
        tenantId: reference.tenantId,
        passageId: passage.id,
        text,
        callKey,
      });
      if (outcome === 'closed') return { outcome: 'closed' };
      // What the platform or the tenant allows may change tomorrow; a model that has failed for good won't.
      if (code !== null) return await close(reference, code, outcome === 'failed' && !ERRORS[code].retryable);
    }
    return await close(reference, null, true);
  }

  /** Splits the document, once. @returns why that can't be done */
  async function split(reference: DocumentReference): Promise<ErrorCode | undefined> {
    const loaded = await load(reference);
    if (loaded === undefined || loaded.is_split || loaded.bytes === null) return undefined;
    if (!isDocumentMediaType(loaded.media_type)) return 'document_unsupported';
    const reading = await passagesOf(loaded.media_type, loaded.bytes);
    if ('code' in reading) return reading.code;
    await callInTenant(database, reference.tenantId, 'select app.store_passages($1, $2)', [
      reference.documentId,
      JSON.stringify(reading),
    ]);
    return undefined;
  }

  async function load({ tenantId, documentId }: DocumentReference): Promise<Loaded | undefined> {
    const { mark } = knowing.of(tenantId);
    const rows = await inTenant(database, tenantId, (transaction) =>
      transaction.rows<Loaded>("select * from app.load_document($1, $2, $3) where state = 'pending'", [
        documentId,
        embedding.model,
        mark,
      ]),
    );
    return rows[0];
  }

  async function close(
    { tenantId, documentId }: DocumentReference,
    code: ErrorCode | null,
    final: boolean,
  ): Promise<ReadAnswer> {
    return await callInTenant<ReadAnswer>(database, tenantId, 'select app.close_document($1, $2, $3, $4)', [
      documentId,
      embedding.model,
      code,
      final,
    ]);
  }
}

/** A passage as it may leave; undefined when that can't be had. */
function scrubbed(
  text: string,
  tenantId: string,
  knownValues: KnownIndex,
  places: readonly string[],
): string | undefined {
  const options = {
    knownValues,
    passedNames: places,
    mintToken: randomToken,
    dates: tenantId === SHARED ? ('keep' as const) : ('tokenise' as const),
    places: tenantId !== SHARED,
  };
  try {
    const clean = scrubText({ ...options, text, field: 'passage' });
    const { leaks } = leakScan({ ...options, text: clean.text, tokens: clean.tokens });
    return leaks.length > 0 ? undefined : clean.text;
  } catch (error) {
    // What does not come to rest may still hold an identifier.
    if (error instanceof ScrubError) return undefined;
    throw error;
  }
}
