import { definePack, type Pack, type Purpose, type RecordType } from '../../contract/pack';
import { credentialingPack } from '../../packs/credentialing/pack';
import { farmPack } from '../../packs/farm/pack';
import { record } from '../../packs/farm/purposes/record';
import { sale } from '../../packs/farm/record-types/sale';
import { createRegistry, packRows, purposeRow, recordTypeRow } from '../../packs/registry';

function pack(purposes: readonly Purpose[], recordTypes: readonly RecordType[]): Pack {
  return definePack({ name: 'of tests', purposes, recordTypes });
}

const own: Purpose = { ...record, recordTypes: ['sale'], manual: { recordType: 'sale' } };

test('the packs of the product fit together, and everything is found by name', () => {
  const registry = createRegistry([farmPack, credentialingPack]);
  expect(registry.purpose('farm.record', 1)).toBe(record);
  expect(registry.latestPurpose('farm.record')).toBe(record);
  expect(registry.recordType('sale')).toBe(sale);
  expect(registry.purposes).toHaveLength(farmPack.purposes.length + credentialingPack.purposes.length);
});

test('what no pack declares is not found', () => {
  const registry = createRegistry([pack([own], [sale])]);
  expect(() => registry.purpose('farm.record', 2)).toThrow('no pack declares purpose farm.record version 2');
  expect(registry.latestPurpose('farm.memory')).toBeUndefined();
  expect(registry.recordType('constructor')).toBeUndefined();
});

test('a run keeps its version while new runs get the newest, in whatever order they are declared', () => {
  const newer: Purpose = { ...own, version: 10 };
  for (const purposes of [
    [own, newer],
    [newer, own],
  ]) {
    const registry = createRegistry([pack(purposes, [sale])]);
    expect(registry.latestPurpose('farm.record')).toBe(newer);
    expect(registry.purpose('farm.record', 1)).toBe(own);
  }
});

test.each([
  ['a record type twice', [pack([], [sale]), pack([], [sale])], 'record type sale is declared twice'],
  ['a purpose twice', [pack([own], [sale]), pack([own], [])], 'purpose farm.record 1 is declared twice'],
  ['a purpose with a record type of nobody', [pack([own], [])], 'names the unknown record type sale'],
  [
    'a purpose whose manual gate writes a record type of nobody',
    [pack([{ ...own, manual: { recordType: 'harvest' } }], [sale])],
    'names the unknown record type harvest',
  ],
])('%s is refused', (_title, packs, message) => {
  expect(() => createRegistry(packs)).toThrow(message);
});

describe('the content hash', () => {
  const hash = (row: Record<string, unknown>): unknown => row['content_hash'];

  test('is the same for the same declaration', () => {
    expect(hash(purposeRow(record))).toBe(hash(purposeRow({ ...record })));
    expect(hash(recordTypeRow(sale))).toBe(hash(recordTypeRow({ ...sale })));
    expect(hash(purposeRow(record))).toMatch(/^[0-9a-f]{64}$/);
  });

  const prompt = record.prompt;
  const changedPurposes: readonly (readonly [string, Purpose])[] = [
    ['its words', { ...record, prompt: (context) => ({ ...prompt(context), system: 'Do as you like.' }) }],
    ['its allow-list', { ...record, allowList: { ...record.allowList, name: { rule: 'pass' } } }],
    ['its model', { ...record, model: { ...record.model, model: 'farm-notes-2' } }],
    ['its price', { ...record, price: { primary: 2, advisor: 2 } }],
    ['its evals', { ...record, evals: record.evals.slice(1) }],
    ['its record types', { ...record, recordTypes: ['sale'] }],
    ['its threshold', { ...record, confidenceThresholdPermille: 500 }],
  ];
  test.each(changedPurposes)('tells a purpose from one with another: %s', (_title, changed) => {
    expect(hash(purposeRow(changed))).not.toBe(hash(purposeRow(record)));
  });

  const changedTypes: readonly (readonly [string, RecordType])[] = [
    ['its class', { ...sale, class: 'routine' }],
    ['its seats', { ...sale, gate: { ...sale.gate, seats: 2 } }],
    ['its expiry', { ...sale, gate: { ...sale.gate, expiresAfter: 'P1D' } }],
    ['its schema', { ...sale, record: sale.draft }],
    ['its required fields', { ...sale, requiredFields: ['item'] }],
  ];
  test.each(changedTypes)('tells a record type from one with another: %s', (_title, changed) => {
    expect(hash(recordTypeRow(changed))).not.toBe(hash(recordTypeRow(sale)));
  });
});

test('there is a row for each, as plain JSON', () => {
  const registry = createRegistry([farmPack, credentialingPack]);
  const rows = packRows(registry);
  expect(rows.purposes.map((row) => row['name'])).toEqual(registry.purposes.map((one) => one.name));
  expect(rows.recordTypes.map((row) => row['name'])).toEqual(registry.recordTypes.map((one) => one.name));
  expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
});
