/** What the addresses of documents and their passages take and answer: a part of the table in routes.ts. */
import { document, documentQuery, documentRequest, passage } from './document';
import { listOf, listQuery } from './primitives';
import type { RouteShape } from './routes';

export const DOCUMENT_SHAPES = {
  'documents.create': {
    summary:
      'Add a text, a PDF with a text layer or the summary of a conversation, to be read by a worker and shown to runs by passages',
    body: documentRequest,
    answers: { 202: document },
    codes: [
      'idempotency_key_missing',
      'key_reused',
      'document_unsupported',
      'document_too_large',
      'document_unreadable',
      'document_without_text',
      'documents_full',
    ],
  },
  'documents.list': {
    summary: 'Documents and remembered facts of the tenant, or the shared knowledge, newest first',
    query: documentQuery,
    answers: { 200: listOf(document) },
    codes: [],
  },
  'documents.get': {
    summary: 'One document, and what became of reading it',
    answers: { 200: document },
    codes: ['document_not_found'],
  },
  'documents.passages': {
    summary: 'The passages that a document was split into, in reading order',
    query: listQuery,
    answers: { 200: listOf(passage) },
    codes: ['document_not_found'],
  },
  'documents.delete': {
    summary: 'Delete what a document says, its passages and their vectors',
    answers: { 204: 'nothing' },
    codes: ['document_not_found'],
  },
  'passages.get': {
    summary: 'A passage that a source names, and where it stands',
    answers: { 200: passage },
    codes: ['passage_not_found'],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
