import { deflateSync } from 'node:zlib';
import { PDF_LIMITS, readPdf } from '../../../activities/documents/pdf';
import { passagesOf } from '../../../activities/documents/read';
import { DOCUMENT_BYTES_MAX, DOCUMENT_CHARACTERS_MAX, DOCUMENT_PAGES_MAX } from '../../../contract/document';
import { pdfOf } from '../../support/pdf';

const text = (content: string) => passagesOf('text/plain', Buffer.from(content));

describe('a text', () => {
  it('is read as it is written, addressed by page and character', async () => {
    expect(await text('\uFEFFThe well is deep. 😀\n\fThe pond is not.\n')).toEqual({
      pages: 2,
      characters: 38,
      passages: [
        { page: 1, start: 0, end: 20, text: 'The well is deep. 😀' },
        { page: 2, start: 0, end: 16, text: 'The pond is not.' },
      ],
    });
  });

  it.each<[string, Buffer, string]>([
    ['not UTF-8', Buffer.from([0x48, 0xff, 0xfe]), 'document_unreadable'],
    ['with a U+0000', Buffer.from('a\0b'), 'document_unreadable'],
    ['of white space and signs', Buffer.from(' \n\t--- * \u3000'), 'document_without_text'],
    ['without a byte', Buffer.alloc(0), 'document_without_text'],
    ['of too many bytes', Buffer.alloc(DOCUMENT_BYTES_MAX + 1, 'a'), 'document_too_large'],
    ['of too many characters', Buffer.alloc(DOCUMENT_CHARACTERS_MAX + 1, 'a'), 'document_too_long'],
    ['of too many pages', Buffer.from('a\f'.repeat(DOCUMENT_PAGES_MAX)), 'document_too_long'],
  ])('%s is refused', async (_what, bytes, code) => {
    expect(await passagesOf('text/plain', bytes)).toEqual({ code });
  });
});

describe('a PDF', () => {
  const pdf = (bytes: Buffer) => passagesOf('application/pdf', bytes);

  it('is read page by page, a page without text among them', async () => {
    expect(await pdf(pdfOf(['Biosecurity (first)\nWash hands.', '', 'Newcastle vaccine']))).toEqual({
      pages: 3,
      characters: 48,
      passages: [
        { page: 1, start: 0, end: 31, text: 'Biosecurity (first)\nWash hands.' },
        { page: 3, start: 0, end: 17, text: 'Newcastle vaccine' },
      ],
    });
  });

  it.each<[string, Buffer, string]>([
    ['that is encrypted', pdfOf(['Secret'], { encrypted: true }), 'document_encrypted'],
    ['that has nothing but an image', pdfOf(['', '']), 'document_without_text'],
    [
      'that has too many pages',
      pdfOf(new Array<string>(DOCUMENT_PAGES_MAX + 1).fill('x')),
      'document_too_long',
    ],
    ['that is none', Buffer.from('PK\u0003\u0004 a zip'), 'document_unreadable'],
    [
      'that only begins like one',
      Buffer.from('%PDF-1.7\nand then nothing of the kind'),
      'document_unreadable',
    ],
    ['that is cut off', pdfOf(['A page']).subarray(0, 60), 'document_unreadable'],
  ])('%s is refused', async (_what, bytes, code) => {
    expect(await pdf(bytes)).toEqual({ code });
  });

  it('that takes too long is ended, and the worker goes on', async () => {
    const endless = pdfOf([new Array(20_000).fill('words and words').join('\n')]);
    const started = performance.now();
    expect(await readPdf(endless, { ...PDF_LIMITS, ms: 30 })).toEqual({ code: 'document_too_complex' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('that unfolds beyond the memory for it is ended', async () => {
    expect(await pdf(bomb())).toEqual({ code: 'document_too_complex' });
  }, 60_000);
});

/** A page whose content is a few hundred kilobytes of deflated brackets, gigabytes when unfolded twice. */
function bomb(): Buffer {
  const once = deflateSync(Buffer.alloc(512 * 1024 * 1024, ' '));
  const content = deflateSync(once).toString('latin1');
  const plain = pdfOf(['x']).toString('latin1');
  const [before = '', after = ''] = plain.split(/<< \/Length \d+ >>\nstream\n[^]*?\nendstream/);
  const filter = '/Filter [/FlateDecode /FlateDecode]';
  return Buffer.from(
    `${before}<< /Length ${content.length} ${filter} >>\nstream\n${content}\nendstream${after}`,
    'latin1',
  );
}
