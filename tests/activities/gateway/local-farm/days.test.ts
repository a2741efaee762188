import { answer, only, proposals } from './farm';

function dayOf(note: string, occurredAt?: string, timeZone?: string): unknown {
  const tenant = timeZone === undefined ? {} : { time_zone: timeZone };
  return answer(note, tenant, occurredAt).proposals[0]?.payload['occurred_on'];
}

test.each([
  ['2025-11-19T23:30:00Z', 'Africa/Lagos', '2025-11-20'],
  ['2025-11-19T22:30:00Z', 'Africa/Lagos', '2025-11-19'],
  ['2025-11-20T02:00:00Z', 'America/New_York', '2025-11-19'],
  ['2025-11-19T12:00:00Z', 'Pacific/Auckland', '2025-11-20'],
  ['2025-03-30T00:30:00+01:00', 'Europe/Berlin', '2025-03-30'],
])('the day is the local one of the farm: %s in %s', (occurredAt, timeZone, day) => {
  expect(dayOf('3 birds died', occurredAt, timeZone)).toBe(day);
});

// The notes are of Wednesday, 19 November 2025.
test.each([
  ['3 birds died today', '2025-11-19'],
  ['3 birds died this morning', '2025-11-19'],
  ['3 birds died yesterday', '2025-11-18'],
  ['3 birds died last night', '2025-11-18'],
  ['3 birds died two days ago', '2025-11-17'],
  ['day before yesterday 3 birds died', '2025-11-17'],
  ['3 birds died on Monday', '2025-11-17'],
  ['3 birds died last Friday', '2025-11-14'],
  ['3 birds died on 12 Nov', '2025-11-12'],
  ['3 birds died on November 12th', '2025-11-12'],
  ['3 birds died on the 5th', '2025-11-05'],
  ['3 birds died on the 25th', '2025-10-25'],
  ['3 birds died on 31/10', '2025-10-31'],
  ['3 birds died 2025-11-17', '2025-11-17'],
  ['3 birds died on 17/11/2025', '2025-11-17'],
  ['12 Nov: 3 birds died', '2025-11-12'],
  ['Yesterday: fed 4 bags. 3 died', '2025-11-18'],
])('a day that is said is read: %s', (note, day) => {
  expect(dayOf(note)).toBe(day);
});

test.each([
  'Lost 2 chicks overnight',
  '3 birds died the other day',
  '3 birds died last week',
  '3 birds died on 5/11',
  '3 birds died on 05/11/2025',
  '3 birds died between Monday and Tuesday',
  '3 birds died from Monday to Tuesday',
  'Since Monday we have lost 7 birds',
  '3 birds died on Wednesday',
  '3 birds died on 30 February',
  '3 birds died tomorrow',
])('a day that cannot be told stays open: %s', (note) => {
  const { payload, missing } = only(note);
  expect(payload['occurred_on']).toBeUndefined();
  expect(missing).toContain('occurred_on');
});

test('two records of one sentence keep their own days', () => {
  const days = proposals('2 died on Sunday and 1 on Monday').map((one) => one.payload['occurred_on']);
  expect(days).toEqual(['2025-11-16', '2025-11-17']);
});

test('a day of the week may be the name of a person', () => {
  expect(only('Paid Sunday 5k for weeding').payload).toMatchObject({
    supplier: 'Sunday',
    occurred_on: '2025-11-19',
  });
  expect(only('Sold 3 crates to Friday for 4,800').payload).toMatchObject({
    buyer: 'Friday',
    occurred_on: '2025-11-19',
  });
});

test.each([
  ['Please order 20 bags of feed by Friday', 'order 20 bags of feed', '2025-11-21'],
  ['Will sell 20 cockerels on Monday', 'sell 20 cockerels', '2025-11-24'],
  ['To do: clean the tank by 25 Nov', 'clean the tank', '2025-11-25'],
  ['tomorrow: buy feed', 'buy feed', '2025-11-20'],
  ['Vaccinate House 1 on 25/11', 'Vaccinate House 1', '2025-11-25'],
])('a plan is due on a day to come: %s', (note, title, due) => {
  expect(only(note)).toMatchObject({ record_type: 'task', payload: { title, due_on: due } });
});

test('a time that is none reads nothing and says so', () => {
  expect(answer('3 birds died', {}, 'soon')).toMatchObject({ proposals: [], confidence_permille: 0 });
});
