/** The thread that opens a PDF. It is another's file: whatever it does to this thread, the worker goes on without it. */
import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';
import { DOCUMENT_CHARACTERS_MAX, DOCUMENT_PAGES_MAX } from '../../contract/document';
import type { PdfAnswer } from './pdf';

/** Errors of the library, by name. */
const ENCRYPTED = 'PasswordException';

async function read(bytes: Uint8Array): Promise<PdfAnswer> {
  // Fonts that are not embedded are not fetched, and no code of the file is made into code of ours.
  const options = { isEvalSupported: false, useSystemFonts: false, disableFontFace: true, verbosity: 0 };
  const file = await getDocumentProxy(bytes, options);
  if (file.numPages > DOCUMENT_PAGES_MAX) return { code: 'document_too_long' };
  const { info } = await file.getMetadata();
  if ('EncryptFilterName' in info && info.EncryptFilterName !== null) return { code: 'document_encrypted' };
  const pages: string[] = [];
  let characters = 0;
  for (let number = 1; number <= file.numPages; number += 1) {
    const page = await file.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
    characters += text.length;
    if (characters > DOCUMENT_CHARACTERS_MAX) return { code: 'document_too_long' };
    pages.push(clean(text));
    page.cleanup();
  }
  return { pages };
}

/** Without what is no text: U+0000 and halves of surrogate pairs, one for one, so that places stay. */
function clean(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD');
}

function codeOf(error: unknown): PdfAnswer {
  const name = error instanceof Error ? error.name : '';
  return { code: name === ENCRYPTED ? 'document_encrypted' : 'document_unreadable' };
}

read(workerData as Uint8Array)
  .catch(codeOf)
  .then((answer) => parentPort?.postMessage(answer))
  .catch(() => process.exit(1));
