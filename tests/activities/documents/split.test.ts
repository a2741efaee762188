import fc from 'fast-check';
import { splitPages } from '../../../activities/documents/split';

const LONG = 1_200;

describe('passages', () => {
  it('are cut between paragraphs, else lines, else sentences, else words, else where they must', () => {
    const half = 'word '.repeat(120).trim();
    const first = (page: string): string => splitPages([page])[0]?.text ?? '';
    expect(first(`${half}\n\n${half} and\nso on ${half}`)).toBe(half);
    expect(first(`${half} end.\n${half} more. And ${half}`)).toBe(`${half} end.`);
    expect(first(`${half} end. ${half} ${half}`)).toBe(`${half} end.`);
    expect(first('word '.repeat(500)).endsWith('word')).toBe(true);
    expect(first('x'.repeat(5_000))).toHaveLength(LONG);
  });

  it('never cut a character in two', () => {
    for (const { text } of splitPages([`a${'😀'.repeat(2_000)}`])) expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  it('stand where they say, in order, and leave nothing out but white space', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 4_000, unit: fc.constantFrom('a', 'é', '😀', ' ', '\n', '.') })),
        (pages) => {
          const passages = splitPages(pages);
          for (const { page, start, end, text } of passages) {
            expect((pages[page - 1] ?? '').slice(start, end)).toBe(text);
            expect(text.length).toBeGreaterThan(0);
            expect(text.length).toBeLessThanOrEqual(LONG);
            expect(text).toBe(text.trim());
          }
          for (const [index, content] of pages.entries()) {
            const here = passages.filter(({ page }) => page === index + 1);
            expect(
              here
                .map(({ text }) => text)
                .join('')
                .replaceAll(/\s/gu, ''),
            ).toBe(content.replaceAll(/\s/gu, ''));
            expect(here.every(({ start }, at) => at === 0 || start >= (here[at - 1]?.end ?? 0))).toBe(true);
          }
        },
      ),
    );
  });
});
