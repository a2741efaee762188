import { embedHashedFeatures } from '../../../activities/gateway/providers/local/embedding';
import { scrubText } from '../../../activities/scrubber/scrub';
import { randomToken } from '../../../activities/scrubber/token';
import { farmPack } from '../../../packs/farm/pack';

const knowledge = farmPack.knowledge ?? [];
/** Who may speak: public authorities and extension services. */
const AUTHORITIES =
  /^https:\/\/(www\.woah\.org|www\.fao\.org|www\.aphis\.usda\.gov|www\.cdc\.gov|www\.ecfr\.gov|eur-lex\.europa\.eu|edis\.ifas\.ufl\.edu)\//;

it('has facts of every topic, each with the source that it rests on', () => {
  const topics = new Set(knowledge.map(({ name }) => name.split('.')[1]));
  expect([...topics].sort()).toEqual(['biosecurity', 'feed', 'vaccination', 'withdrawal']);
  for (const { name, title, publisher, address, text } of knowledge) {
    expect([name, address]).toEqual([name, expect.stringMatching(AUTHORITIES)]);
    for (const words of [title, publisher, text]) expect(words.trim()).toBe(words);
    expect(text.length).toBeGreaterThan(80);
    expect(text.length).toBeLessThan(600);
  }
  expect(new Set(knowledge.map(({ name }) => name)).size).toBe(knowledge.length);
});

it.each(knowledge.map(({ name, text }) => [name, text]))(
  'goes through the scrubber as it is: %s',
  (_name, text) => {
    const options = { knownValues: [], mintToken: randomToken, dates: 'keep' as const, places: false };
    expect(scrubText({ ...options, text, field: 'passages' }).text).toBe(text);
  },
);

it.each([
  ['Can we sell eggs while the hens get antibiotics? What is the withdrawal period?', 'farm.withdrawal.'],
  ['Our egg shells are weak and thin. Is it calcium?', 'farm.feed.calcium'],
  ['When do chicks get the vaccine against Gumboro disease?', 'farm.vaccination.gumboro_timing'],
  ['Layers in House 2 eat less and lay fewer eggs. What should we check first?', 'farm.feed.feed_out'],
  ['Twenty birds died suddenly overnight, is it avian influenza?', 'farm.biosecurity.sudden_deaths'],
  ['How long do new birds stay in quarantine?', 'farm.biosecurity.new_birds'],
])('is among the nearest four to: %s', (question, expected) => {
  const asked = embedHashedFeatures(question);
  const near = knowledge
    .map(({ name, text }) => ({ name, score: dot(asked, embedHashedFeatures(text)) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 4)
    .map(({ name }) => name);
  expect(near.filter((name) => name.startsWith(expected))).not.toEqual([]);
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
