/** What holds of every answer, whatever the note. */
import fc from 'fast-check';
import {
  answerFarmNote,
  CONFIDENCE_ORIGIN,
} from '../../../../activities/gateway/providers/local/farm/farm-notes';
import { REQUIRED_FIELDS } from '../../../../activities/gateway/providers/local/farm/proposals';
import {
  ABSTENTION,
  createLocalProvider,
  localTokenCount,
} from '../../../../activities/gateway/providers/local/provider';
import type { ModelOutput, RecordType } from '../../../../contract/pack';
import { readLabelledNotes } from '../../../../examples/notes/labels';
import { notesPath } from '../../../../examples/notes/evaluate';
import { modelOutput } from '../../../../packs/farm/output';
import { farmPack } from '../../../../packs/farm/pack';
import { record } from '../../../../packs/farm/purposes/record';
import { answer, OCCURRED_AT, TENANT } from './farm';

const RECORD_TYPES: ReadonlyMap<string, RecordType> = new Map(
  farmPack.recordTypes.map((one) => [one.name, one]),
);

/** Everything that an answer must keep to, and the blocking evals of the pack with it. */
function expectSound(note: string, output: ModelOutput): void {
  expect(modelOutput.safeParse(output).success).toBe(true);
  expect(localTokenCount(JSON.stringify(output))).toBeLessThanOrEqual(record.bounds.maxOutputTokens);
  for (const proposal of output.proposals) {
    const recordType = RECORD_TYPES.get(proposal.record_type);
    expect(record.recordTypes).toContain(proposal.record_type);
    expect(recordType?.draft.safeParse(proposal.payload).error).toBeUndefined();
    for (const field of recordType?.requiredFields ?? []) {
      expect(proposal.payload[field] === undefined).toBe(proposal.missing.includes(field));
    }
    for (const { start, end, quote } of proposal.sources) {
      expect(0 <= (start ?? -1) && (start ?? 0) < (end ?? 0) && (end ?? 0) <= note.length).toBe(true);
      if (quote !== undefined) expect(quote).toBe(note.slice(start, end));
    }
    const context = { tenant: TENANT, input: { note }, passages: [], output, proposal, recordType };
    const blocked = record.evals.filter((one) => {
      const { verdict, severity } = one.evaluate(context);
      return verdict === 'fail' && severity === 'block';
    });
    expect(blocked.map((one) => one.name)).toEqual([]);
  }
}

const fragment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...'sold bought paid died fed weighed 3 12 45k N12,500 ₦1.2m 1/2 ½ half dozen crates bags kg eggs broilers layer mash House 1 Pen A yesterday Monday 12 Nov for at each per total from to and , . : - ( ) no sorry about need will not none coughing water litres average Musa <person_token_ab12>'.split(
        ' ',
      ),
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const anyNote = fc.array(fragment, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(' '));

test('every answer conforms, cites what is there, names what it left open and passes the evals that block', () => {
  fc.assert(
    fc.property(anyNote, (note) => {
      expectSound(note, answer(note));
    }),
    { numRuns: 600 },
  );
});

test('the same note has the same answer', () => {
  fc.assert(
    fc.property(anyNote, (note) => {
      expect(answer(note)).toEqual(answer(note));
    }),
    { numRuns: 50 },
  );
});

test.each(readLabelledNotes(notesPath(), 'development').map(({ id, note }) => [id, note]))(
  'the answer to the labelled note %s is sound',
  (_id, note) => {
    expectSound(note, answer(note));
  },
);

test('every answer says that it is by rules and no language model', () => {
  for (const note of ['3 birds died', 'Good morning']) {
    expect(answer(note).confidence_origin).toBe(CONFIDENCE_ORIGIN);
  }
  const tooMany = answer(Array.from({ length: 30 }, (_, index) => `${index + 1} birds died.`).join(' '));
  const origins = [
    CONFIDENCE_ORIGIN,
    ABSTENTION.confidence_origin,
    tooMany.confidence_origin,
    answer('x', {}, 'soon').confidence_origin,
  ];
  for (const origin of origins) expect(origin).toMatch(/rules, not a language model/i);
});

test('more records than one answer holds are cut, and the confidence is taken back', () => {
  const output = answer(Array.from({ length: 30 }, (_, index) => `${index + 1} birds died.`).join(' '));
  expect(output.proposals).toHaveLength(20);
  expect(output.confidence_permille).toBe(0);
  expect(output.confidence_origin).toContain('the rest is not read');
});

test('confidence is the share of required fields that were read', () => {
  expect(answer('12 broilers died').confidence_permille).toBe(1000);
  expect(answer('Sold eggs for 5k').proposals[0]?.confidence_permille).toBe(667);
  expect(answer('about 12 broilers died').confidence_permille).toBe(500);
  expect(answer('about 12 broilers died. 3 layers died.').confidence_permille).toBe(750);
});

test('the required fields are those of the pack', () => {
  for (const [name, fields] of Object.entries(REQUIRED_FIELDS)) {
    expect([...fields].sort()).toEqual([...(RECORD_TYPES.get(name)?.requiredFields ?? [])].sort());
  }
});

describe('through the provider', () => {
  const provider = createLocalProvider({ tasks: { 'farm-notes-1': answerFarmNote } });

  async function complete(purpose: string, user: string): Promise<unknown> {
    const { output } = await provider.complete({
      ref: record.model,
      purpose,
      prompt: { system: 'rules', user },
      outputSchema: {},
      maxOutputTokens: record.bounds.maxOutputTokens,
      signal: new AbortController().signal,
    });
    return output;
  }

  test('a note is read by the prompt of its purpose', async () => {
    const { user } = record.prompt({ tenant: TENANT, input: record.example, passages: [] });
    const output = await complete('farm.record', user);
    expect(output).toMatchObject({
      proposals: [{ record_type: 'mortality' }, { record_type: 'sale' }],
      confidence_permille: 1000,
    });
  });

  test.each(['farm.recommendation', 'farm.memory', 'credentialing.privileging'])(
    'it abstains from %s',
    async (purpose) => {
      const user = JSON.stringify({
        purpose,
        tenant: TENANT,
        input: { note: '3 birds died', occurred_at: OCCURRED_AT },
        passages: [],
      });
      expect(await complete(purpose, user)).toEqual(ABSTENTION);
    },
  );

  test('an input without a note reads nothing', async () => {
    const user = JSON.stringify({ purpose: 'farm.record', tenant: TENANT, input: {}, passages: [] });
    expect(await complete('farm.record', user)).toMatchObject({ proposals: [], confidence_permille: 0 });
  });
});

/** Repeated to the length that the purpose allows; each found a slow rule in some reader once, or might. */
const HOSTILE = [
  '1',
  '1,',
  '1.',
  '1 ',
  '12, ',
  '1/',
  '½',
  '5-5-',
  '5\n',
  'a. ',
  ', ',
  '? ',
  '(((',
  "a'a",
  'N1,',
  '<',
  '<a_token_',
  '<person_token_ab12>',
  'hundred ',
  'a hundred and ',
  'one thousand and ',
  'twenty-',
  'half a half ',
  'and ',
  'no ',
  '5 no 5 ',
  '5, no 5, ',
  'sorry ',
  'i think ',
  '5 i think ',
  'House 1 ',
  'House 1: ',
  'House 1 and 2 ',
  'monday ',
  'since monday ',
  '12 nov ',
  'sold ',
  'sold 5 crates, ',
  '5 died, ',
  'due to heat because of heat ',
  'need to ',
  'will buy, ',
  'vet to go, ',
  'paid 5k for feed, ',
  '5kg bag ',
  '\u200b',
  'é̂',
  '👩🏽‍⚕️',
];

const NOISE_MILLISECONDS = 600;
const TRIES = 3;

test.each(HOSTILE)('a hostile note takes no more than its length: %j', (seed) => {
  const fill = (length: number): string => seed.repeat(Math.ceil(length / seed.length)).slice(0, length);
  // The process's own time, so that other work on the machine doesn't count.
  const millisecondsFor = (length: number): number => {
    const note = fill(length);
    const tries = Array.from({ length: TRIES }, () => {
      const before = process.cpuUsage();
      answer(note);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    return Math.min(...tries);
  };
  millisecondsFor(500);
  const half = millisecondsFor(2000);
  const whole = millisecondsFor(4000);
  // Twice the length takes about twice the time; what grows with the square takes four times as long. Below the floor
  // the machine's own noise is larger than either.
  expect(whole).toBeLessThan(Math.max(half * 3.2, NOISE_MILLISECONDS));
  expectSound(fill(4000), answer(fill(4000)));
});
