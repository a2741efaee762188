import { only, proposals } from './farm';

test.each([
  ['3 birds died in House 2', 'House 2'],
  ['3 birds died in house two', 'House 2'],
  ['3 birds died in HOUSE 2.', 'House 2'],
  ['3 birds died in hse 2', 'House 2'],
  ['3 birds died in House no. 2', 'House 2'],
  ['3 dead (H2)', 'House 2'],
  ['mort 5 H1', 'House 1'],
  ['3 birds died in pen b', 'Pen B'],
  ['3 birds died in the north barn', 'North barn'],
  ['House 2: 3 birds died', 'House 2'],
  ['3 birds died, House 3', 'House 3'],
])('a named place is read: %s', (note, place) => {
  expect(only(note).payload['place']).toBe(place);
});

test.each([
  '3 birds died in House 9',
  '3 birds died in House 1 and House 2',
  '3 birds died in House 1 and 2',
])('a place that the farm has not, or two for one figure, stays open: %s', (note) => {
  const { payload, missing } = only(note);
  expect(payload['place']).toBeUndefined();
  expect(payload['count']).toBe(3);
  expect(missing).toContain('place');
});

test.each([
  ['3 dead in House 1, 2 dead in House 2', [3, 'House 1'], [2, 'House 2']],
  ['House 1: 2 dead, House 2: 4 dead', [2, 'House 1'], [4, 'House 2']],
  ['Mortality: House 1 - 2, House 2 - 1', [2, 'House 1'], [1, 'House 2']],
  ['one bird died in house 1, two in house 2, none in house 3', [1, 'House 1'], [2, 'House 2']],
])('each figure keeps its own place: %s', (note, ...expected) => {
  expect(proposals(note).map(({ payload }) => [payload['count'], payload['place']])).toEqual(expected);
});

test('one place heads all that follows', () => {
  const places = proposals('House 1: 2 dead, feed 3 bags, water 200 litres').map(
    (one) => one.payload['place'],
  );
  expect(places).toEqual(['House 1', 'House 1', 'House 1']);
});

test('the number of a place is never counted, the article is never Pen A, and without places none is read', () => {
  expect(proposals('The buyer stays at 45 Market Road, House 12')).toEqual([]);
  expect(only('Moved the birds out of House 3')).toMatchObject({ record_type: 'note' });
  expect(only('Sold pen a dozen eggs 1,700').payload['place']).toBeUndefined();
  expect(only('3 birds died in House 2', { places: [] }).payload['place']).toBeUndefined();
});
