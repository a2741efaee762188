import { KnownTenants, passingValues, toldValues } from '../../../activities/scrubber/known-tenants';
import { KnownIndex } from '../../../activities/scrubber/known-index';
import type { KnownValue } from '../../../activities/scrubber/known-value';
import type { AllowList } from '../../../contract/pack';

const ADA: KnownValue = { kind: 'person', value: 'Ada Zwicky' };
const BEN: KnownValue = { kind: 'person', value: 'Ben Vandersloot' };

function names(index: KnownIndex): number {
  return index.spans('Ada Zwicky met Ben Vandersloot', { withNameParts: false }).length;
}

test('what was read stays known, and the mark moves on', () => {
  const tenant = new KnownTenants().of('farm-1');
  expect(tenant.mark).toBeNull();
  expect(names(tenant.learn({ mark: '100', values: [ADA] }))).toBe(1);
  expect(names(tenant.learn({ mark: '120', values: [BEN] }))).toBe(2);
  expect(tenant.mark).toBe('120');
});

test('answers that come in another order move the mark no way back', () => {
  const tenant = new KnownTenants().of('farm-1');
  tenant.learn({ mark: '18446744073709551615', values: [BEN] });
  expect(names(tenant.learn({ mark: '90', values: [ADA] }))).toBe(2);
  expect(tenant.mark).toBe('18446744073709551615');
});

test('a tenant that is forgotten while its run goes on still has all that it knows, and then begins anew', () => {
  const tenants = new KnownTenants();
  const held = tenants.of('farm-0');
  held.learn({ mark: '5', values: [ADA] });
  for (let number = 1; number <= 100; number += 1) tenants.of(`farm-${number}`);
  expect(names(held.learn({ mark: '6', values: [BEN] }))).toBe(2);
  expect(tenants.of('farm-0').mark).toBeNull();
  expect(tenants.of('farm-100')).toBe(tenants.of('farm-100'));
});

test('knows of no other tenant', () => {
  const tenants = new KnownTenants();
  tenants.of('farm-1').learn({ mark: '5', values: [ADA] });
  expect(names(tenants.of('farm-2').learn({ mark: '5', values: [BEN] }))).toBe(1);
});

test('an id that is an ordinary word takes that word from nobody', () => {
  const tenant = new KnownTenants().of('farm-1');
  const index = tenant.learn({
    mark: '1',
    values: [
      { kind: 'code', value: 'Layers' },
      { kind: 'code', value: 'LY-7' },
    ],
  });
  expect(index.spans('the layers of LY-7', { withNameParts: true })).toHaveLength(1);
});

const ALLOW: AllowList = {
  'subject.id': { rule: 'pass' },
  'subject.name': { rule: 'tokenise', kind: 'provider' },
  'facts[].number': { rule: 'tokenise', kind: 'licence' },
  note: { rule: 'text' },
};

describe('what an input tells of people', () => {
  const told = (kind: KnownValue['kind'], value: string, field: string) =>
    toldValues([{ token: 't', kind, value, field }], ALLOW);

  test.each([
    ['provider', 'Marisol Testfield', 'subject.name'],
    ['licence', 'FICTION-0001', 'facts[12].number'],
  ] as const)('%s %s', (kind, value, field) => {
    expect(told(kind, value, field)).toEqual([{ kind, value }]);
  });

  test.each([
    ['found by a guess in a text', 'person', 'Marisol Testfield', 'note'],
    ['one word', 'provider', 'Testfield', 'subject.name'],
    ['ordinary words', 'provider', 'Farm Manager', 'subject.name'],
    ['a number that is hardly one', 'licence', 'A12', 'facts[0].number'],
    ['a structure', 'provider', '{"first":"Marisol","last":"Testfield"}', 'subject.name'],
    ['a whole page', 'provider', 'Marisol Testfield '.repeat(10), 'subject.name'],
  ] as const)('not what is %s', (_what, kind, value, field) => {
    expect(told(kind, value, field)).toEqual([]);
  });
});

test('what passing fields say is known by its compact form, with the values within it', () => {
  const known = new KnownIndex([{ kind: 'code', value: 'S-77120' }]);
  const input = { subject: { id: 'case S-77120', name: 'Ada Zwicky' }, note: 'S-1', other: 'S-2' };
  expect([...passingValues(input, ALLOW, known)].sort()).toEqual(['cases77120', 's77120']);
});
