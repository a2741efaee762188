/** What a document may be. Kept without zod: API and worker ask the same questions of the same bytes. */
import type { ErrorCode } from './errors';

export const DOCUMENT_MEDIA_TYPES = ['text/plain', 'application/pdf'] as const;
export type DocumentMediaType = (typeof DOCUMENT_MEDIA_TYPES)[number];

/** What passages may be of: what somebody added, a fact that a person confirmed, the summary of a conversation. */
export const DOCUMENT_SOURCE_TYPES = ['document', 'memory', 'convo_summary'] as const;

export const DOCUMENT_BYTES_MAX = 10 * 1024 * 1024;
/** How many documents and summaries a tenant may have at once, and how many bytes of them. */
export const DOCUMENTS_MAX = 10_000;
export const DOCUMENTS_BYTES_MAX = 1024 * 1024 * 1024;
export const DOCUMENT_PAGES_MAX = 500;
/** In UTF-16 units, over all pages: about a thousand pages of print, and as many thousand model calls at most. */
export const DOCUMENT_CHARACTERS_MAX = 2_000_000;

/** Readers look for it in the first kilobyte, since some writers put something before it. */
const PDF_MARK = '%PDF-';
const PDF_MARK_WITHIN_BYTES = 1024;

export function isDocumentMediaType(text: string): text is DocumentMediaType {
  return (DOCUMENT_MEDIA_TYPES as readonly string[]).includes(text);
}

/** Why bytes are no document of their media type, as far as their size and first look tell; undefined when they may be. */
export function documentRefusal(mediaType: string, bytes: Uint8Array): ErrorCode | undefined {
  if (!isDocumentMediaType(mediaType)) return 'document_unsupported';
  if (bytes.length > DOCUMENT_BYTES_MAX) return 'document_too_large';
  if (mediaType === 'text/plain') {
    const text = plainText(bytes);
    if (text === undefined) return 'document_unreadable';
    return /[\p{L}\p{N}]/u.test(text) ? undefined : 'document_without_text';
  }
  const head = String.fromCharCode(...bytes.subarray(0, PDF_MARK_WITHIN_BYTES));
  return head.includes(PDF_MARK) ? undefined : 'document_unreadable';
}

/** UTF-8 without U+0000, which neither Postgres nor a text has; a byte order mark is left out. Undefined: it is none. */
export function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
