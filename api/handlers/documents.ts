import { documentRefusal } from '../../contract/document';
import type { Document, PassageShown } from '../../contract/wire/document';
import type { Transaction } from '../../db/transaction';
import { sightOf, type Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { digits, digitsOrNull, mapPage, readPage } from '../reads/keyset';

type DocumentRow = Omit<Document, 'size_bytes' | 'characters' | 'calls' | 'cost_nano_usd'> & {
  readonly size_bytes: bigint;
  readonly characters: bigint | null;
  readonly calls: bigint;
  readonly cost_nano_usd: bigint;
};

const SELECT_DOCUMENTS = `select d.*, c.title, c.publisher, c.address
  from app.documents d join app.documents_content c on c.tenant_id = d.tenant_id and c.id = d.id`;

const SELECT_PASSAGES = `select id, document_id, source_type, shared, title, publisher, address, page, start_at as start,
  end_at as "end", text, ordinal from app.passages_content`;

/** Documents and memories of the tenant, or the shared knowledge, newest first. */
export const listDocuments: Handler<'documents.list'> = async (api, { caller, query }) => {
  const page = await asCaller(api, caller, (transaction) =>
    readPage<DocumentRow>(
      transaction,
      {
        list: 'documents',
        select: `select * from (${SELECT_DOCUMENTS}) d`,
        conditions: [
          { text: 'shared = $', value: query.shared === 'true' },
          { text: 'source_type = $', value: query.source_type },
          { text: 'state <> $', value: 'deleted' },
        ],
        order: [
          ['created_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'desc',
      },
      query,
    ),
  );
  return { status: 200, body: mapPage(page, (row) => toDocument(row, caller)) };
};

export const getDocument: Handler<'documents.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readDocument(transaction, caller, params.id ?? '')),
});

/** Takes a document; it is read by a worker afterwards, which is what `state` and `code` then tell of. */
export const createDocument: Handler<'documents.create'> = async (api, { caller, body, idempotencyKey }) => {
  const bytes = bytesOf(body.content);
  const isText = body.media_type === 'text/plain';
  const refusal =
    body.source_type === 'convo_summary' && !isText
      ? 'document_unsupported'
      : documentRefusal(body.media_type, bytes);
  if (refusal !== undefined) throw new ApiProblem(refusal);
  const document = await asCaller(api, caller, async (transaction) => {
    const { document_id: id } = refuseIf(
      await transaction.value<Outcome & { readonly document_id: string }>(
        'select app.add_document($1, $2, $3, $4, $5, $6)',
        [idempotencyKey, body.media_type, body.title, bytes, caller.userId, body.source_type],
      ),
    );
    return await readDocument(transaction, caller, id);
  });
  return { status: 202, body: document, headers: { Location: `/v1/documents/${document.id}` } };
};

/** Deletes what a document says, with its passages and their vectors: no later run is shown any of it. */
export const deleteDocument: Handler<'documents.delete'> = async (api, { caller, params }) => {
  await asCaller(api, caller, async (transaction) => {
    refuseIf(
      await transaction.value<Outcome>('select app.delete_document($1, $2)', [params.id, caller.userId]),
    );
  });
  return { status: 204 };
};

/** The passages of a document, in reading order. */
export const listPassages: Handler<'documents.passages'> = async (api, { caller, params, query }) => {
  const id = params.id ?? '';
  const page = await asCaller(api, caller, async (transaction) => {
    await readDocument(transaction, caller, id);
    return await readPage<PassageShown & { readonly ordinal: number }>(
      transaction,
      {
        list: 'passages',
        select: SELECT_PASSAGES,
        conditions: [{ text: 'document_id = $', value: id }],
        order: [['ordinal', 'bigint']],
        direction: 'asc',
      },
      query,
    );
  });
  return { status: 200, body: mapPage(page, ({ ordinal: _place, ...shown }) => shown) };
};

/** The passage that a source names, with the document and the place where it stands. */
export const getPassage: Handler<'passages.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const [row] = await transaction.rows<PassageShown & { readonly ordinal: number }>(
      `${SELECT_PASSAGES} where id = $1`,
      [params.id],
    );
    if (row === undefined) throw new ApiProblem('passage_not_found');
    const { ordinal: _place, ...passage } = row;
    return passage;
  }),
});

async function readDocument(transaction: Transaction, caller: Caller, id: string): Promise<Document> {
  const [row] = await transaction.rows<DocumentRow>(`${SELECT_DOCUMENTS} where d.id = $1`, [id]);
  if (row === undefined) throw new ApiProblem('document_not_found');
  return toDocument(row, caller);
}

function toDocument(row: DocumentRow, caller: Caller): Document {
  return {
    id: row.id,
    source_type: row.source_type,
    shared: row.shared,
    title: row.shared || sightOf(caller).content !== 'none' ? row.title : null,
    publisher: row.publisher,
    address: row.address,
    media_type: row.media_type,
    size_bytes: digits(row.size_bytes),
    hash: row.hash,
    state: row.state,
    code: row.code,
    pages: row.pages,
    characters: digitsOrNull(row.characters),
    passages: row.passages,
    model: row.model,
    calls: digits(row.calls),
    cost_nano_usd: digits(row.cost_nano_usd),
    added_by: row.added_by,
    created_at: row.created_at,
    changed_at: row.changed_at,
  };
}

/** @throws ApiProblem when the text is anything but base64: what is left out in silence is not what was sent */
function bytesOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== base64)
    throw new ApiProblem('input_invalid', {
      errors: [{ pointer: '/content', message: 'This is no base64.' }],
    });
  return bytes;
}
