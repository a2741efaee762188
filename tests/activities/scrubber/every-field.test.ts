import * as fc from 'fast-check';
import { leakScan } from '../../../activities/scrubber/leak-scan';
import { scrubInput } from '../../../activities/scrubber/scrub';
import { randomToken } from '../../../activities/scrubber/token';
import { config } from '../../../countersign.config';
import { createRegistry } from '../../../packs/registry';
import { CANARIES } from './support/canaries';

/*
 * Canaries of every class in every field of every purpose that is installed: put at each text field that the allow-list
 * lets out, and at fields that it does not know. None may be in the prompt that the purpose then builds.
 */

const { purposes } = createRegistry(config.packs);
const TENANT = { kind: 'farm', currency: 'NGN', time_zone: 'Africa/Lagos', places: ['House 1'] } as const;

/** A copy of `node` with `value` at the path, whose arrays get it in every element, and are made where there is none. */
function planted(node: unknown, path: readonly string[], value: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step === '[]')
    return (Array.isArray(node) && node.length > 0 ? node : [{}]).map((one: unknown) =>
      planted(one, rest, value),
    );
  const members = typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {};
  return { ...members, [step]: planted(members[step], rest, value) };
}

function stepsOf(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

const MATRIX = purposes.flatMap((purpose) =>
  [...Object.entries(purpose.allowList), ['a_field.nobody_listed', undefined] as const]
    .filter(([, rule]) => rule?.rule !== 'pass')
    .flatMap(([path, rule]) =>
      Object.keys(CANARIES)
        .filter((name) => !(name === 'date' && rule?.rule === 'text' && rule.dates === 'pass'))
        .map((name) => [purpose.name, path, name] as const),
    ),
);

test('covers every purpose, and each class in at least one text of it', () => {
  expect(purposes.length).toBeGreaterThan(5);
  for (const { name } of purposes)
    expect(new Set(MATRIX.filter((row) => row[0] === name).map((row) => row[2])).size).toBe(
      Object.keys(CANARIES).length,
    );
});

test.each(MATRIX)('%s %s: %s', (purposeName, path, className) => {
  const purpose = purposes.find(({ name }) => name === purposeName);
  const canary = CANARIES[className];
  if (purpose === undefined || canary === undefined) throw new Error('a row of the matrix that there is not');
  fc.assert(
    fc.property(canary, ({ value, sentence }) => {
      const isText = purpose.allowList[path]?.rule !== 'tokenise';
      const planting = planted(purpose.example, stepsOf(path), isText ? sentence : value);
      const input = planting as Record<string, unknown>;
      const { scrubbed, tokens } = scrubInput({
        input,
        allowList: purpose.allowList,
        knownValues: [],
        dates: 'tokenise',
        places: true,
        mintToken: randomToken,
      });
      const prompt = JSON.stringify(purpose.prompt({ tenant: TENANT, input: scrubbed, passages: [] }));
      expect(prompt).not.toContain(value);
      const written = JSON.stringify(scrubbed);
      expect(leakScan({ text: written, tokens, knownValues: [], dates: 'keep' }).leaks).toEqual([]);
    }),
    { numRuns: 4 },
  );
});
