import * as fc from 'fast-check';
import { leakScan } from '../../../activities/scrubber/leak-scan';
import { rehydrate } from '../../../activities/scrubber/rehydrate';
import { scrubInput, scrubText } from '../../../activities/scrubber/scrub';
import { randomToken } from '../../../activities/scrubber/token';
import type { AllowList } from '../../../contract/pack';
import { CANARIES } from './support/canaries';

/* Generated identifiers of all classes, planted together into inputs: none may be left in what would be sent. */

const ALL = fc.oneof(...Object.values(CANARIES));
const FILLER = fc.constantFrom(
  'House 2 was cleaned.',
  '12 broilers died.',
  'Sold 30 crates of eggs for ₦45,000.',
  'Amoxicillin 20 mg/kg for 5 days.',
  'Nothing else to report.',
  'See the table below:\n- 14\n- 15',
);

test('several classes in one text: none is left, and everything comes back to the letter', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ALL, FILLER), { minLength: 1, maxLength: 5 }), (parts) => {
      const text = parts.flatMap(([canary, filler]) => [canary.sentence, filler]).join(' ');
      const scrubbed = scrubText({
        text,
        field: 'note',
        knownValues: [],
        dates: 'tokenise',
        mintToken: randomToken,
      });
      for (const [{ value }] of parts) expect(scrubbed.text).not.toContain(value);
      expect(
        leakScan({ text: scrubbed.text, tokens: scrubbed.tokens, knownValues: [], dates: 'tokenise' }).leaks,
      ).toEqual([]);
      expect(rehydrate({ value: scrubbed.text, tokens: scrubbed.tokens })).toEqual({
        value: text,
        unknownTokens: [],
      });
      const again = scrubText({
        text: scrubbed.text,
        field: 'note',
        knownValues: [],
        earlier: scrubbed.tokens,
        dates: 'tokenise',
        mintToken: randomToken,
      });
      expect(again).toEqual({ text: scrubbed.text, tokens: [] });
    }),
    { numRuns: 150 },
  );
});

const ALLOW: AllowList = {
  'subject.name': { rule: 'tokenise', kind: 'patient' },
  'subject.number': { rule: 'tokenise', kind: 'mrn' },
  'documents[].text': { rule: 'text' },
  kind: { rule: 'pass' },
};

test('a value of a tokenised field is in no other field, however it is written there', () => {
  const name = fc
    .tuple(
      fc.constantFrom('Xanthe', 'Ottoline', 'Ngozi', 'Núria', "D'Arcy", 'Quillon'),
      fc.constantFrom('Quillfeather', 'Vexley', 'Okonkwo', 'Zwicky', 'Løvstad'),
    )
    .map((parts) => parts.join(' '));
  const number = fc.stringMatching(/^[A-Z]{2}[0-9]{6}$/);
  const written = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.replaceAll(' ', '  '),
    (text) => text.replaceAll(' ', '\u00a0'),
    (text) => `\u200b${text.slice(0, 2)}\u200b${text.slice(2)}`,
    (text) => text.normalize('NFD'),
    (text) => `“${text}”`,
    (text) => `(${text}),`,
    (text) => `${text}'s`,
  );
  fc.assert(
    fc.property(name, number, written, FILLER, (who, id, write, filler) => {
      const input = {
        subject: { name: who, number: id, secret: `secret of ${who}` },
        kind: 'initial',
        documents: [{ text: `${filler} ${write(who)} ${filler}` }, { text: `No. ${write(id)} ${filler}` }],
      };
      const { scrubbed, tokens } = scrubInput({
        input,
        allowList: ALLOW,
        knownValues: [],
        dates: 'keep',
        mintToken: randomToken,
      });
      const sent = JSON.stringify(scrubbed).normalize('NFKC').replaceAll('\u200b', '').toLowerCase();
      for (const canary of [...who.toLowerCase().split(' '), id.toLowerCase()])
        expect(sent).not.toContain(canary.normalize('NFKC'));
      expect(leakScan({ text: JSON.stringify(scrubbed), tokens, knownValues: [] }).leaks).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('tokens are unique, of their kind, and as long as promised', () => {
  const tokens = Array.from({ length: 20_000 }, () => randomToken('person'));
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(tokens.every((token) => /^<person_token_[a-z2-7]{20}>$/.test(token))).toBe(true);
});

describe('minting', () => {
  const scrubWith = (mintToken: () => string, text = 'Dr Zwicky and Mrs Vandersloot') =>
    scrubText({ text, field: 'note', knownValues: [], dates: 'keep', mintToken });

  test('a token that is in use is minted again', () => {
    const minted = [
      '<person_token_aaaaaaaaaaaaaaaaaaaa>',
      '<person_token_aaaaaaaaaaaaaaaaaaaa>',
      '<person_token_bbbbbbbbbbbbbbbbbbbb>',
    ];
    let next = 0;
    const { tokens } = scrubWith(() => minted[Math.min((next += 1), 3) - 1] ?? '');
    expect(tokens.map(({ token }) => token)).toEqual([minted[0], minted[2]]);
  });

  test('one that the text has guessed is never given out', () => {
    const guessed = '<person_token_aaaaaaaaaaaaaaaaaaaa>';
    expect(() => scrubWith(() => guessed, `Dr Zwicky ${guessed}`)).toThrow('unusable_token');
  });

  test.each([
    '',
    'x',
    '<person_token_short>',
    '<phone_token_aaaaaaaaaaaaaaaaaaaa>',
    '<PERSON_token_aaaaaaaaaaaaaaaaaaaa>',
  ])('a mint that gives %p stops the run', (token) => {
    expect(() => scrubWith(() => token)).toThrow('unusable_token');
  });
});
