import {
  DOCUMENT_CHARACTERS_MAX,
  DOCUMENT_PAGES_MAX,
  documentRefusal,
  plainText,
  type DocumentMediaType,
} from '../../contract/document';
import type { ErrorCode } from '../../contract/errors';
import { readPdf } from './pdf';
import { splitPages, type PassageText } from './split';

export interface Reading {
  readonly pages: number;
  readonly characters: number;
  readonly passages: readonly PassageText[];
}

/** A page ends where a form feed stands. */
const PAGE_END = '\f';

/** Reads a document into passages, or says by a code why it can't be read. */
export async function passagesOf(
  mediaType: DocumentMediaType,
  bytes: Uint8Array,
): Promise<Reading | { readonly code: ErrorCode }> {
  const refusal = documentRefusal(mediaType, bytes);
  if (refusal !== undefined) return { code: refusal };
  const answer =
    mediaType === 'application/pdf'
      ? await readPdf(bytes)
      : { pages: (plainText(bytes) ?? '').split(PAGE_END) };
  if ('code' in answer) return answer;
  const { pages } = answer;
  const characters = pages.reduce((sum, page) => sum + page.length, 0);
  if (pages.length > DOCUMENT_PAGES_MAX || characters > DOCUMENT_CHARACTERS_MAX)
    return { code: 'document_too_long' };
  // Of an image nothing can be embedded or quoted, and what letters are on it nobody has read.
  if (!pages.some((page) => /[\p{L}\p{N}]/u.test(page))) return { code: 'document_without_text' };
  return { pages: pages.length, characters, passages: splitPages(pages) };
}
