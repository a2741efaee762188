/** What is a record at all: corrections, negations, plans, hearsay, and what has nothing to record. */
import { only, proposals, types } from './farm';

test.each([
  ['12, no 13 died in House 3', 13],
  ['5 died, no 6', 6],
  ['Lost 4 pullets, I mean 5 pullets, Pen A', 5],
  ['3... sorry 4 birds died', 4],
  ['nine, not eight birds died', 9],
])('the corrected count stands: %s', (note, count) => {
  expect(only(note).payload['count']).toBe(count);
});

test('the corrected quantity and the corrected sum stand', () => {
  expect(only('Fed 4 bags, correction 5 bags').payload['quantity']).toBe('5');
  expect(only('Sold 20... sorry 25 crates of eggs for 37,500').payload).toMatchObject({
    quantity: '25',
    total_minor: '3750000',
  });
  expect(only('Sold 20 crates, not 25').payload['quantity']).toBe('20');
});

test.each([
  'None died today.',
  'no deaths today, all quiet',
  'Mortality: nil. Sales: nil.',
  "Didn't sell any eggs today",
  'We never sell anything since morning',
  'We did not sell the goats, they refused 40k',
  'Nearly sold 20 crates but customer refused to pay',
  'Customer came but did not buy',
  'How much is a bag of feed now?',
  'Were 5 birds sold at 3k each?',
  'if birds die call me',
  'Feed is 18,500 per bag at the depot now',
  'They offered 40k for the ram, I refused',
  "I heard 40 birds died at the neighbour's farm",
  'Vet says other farms are losing birds',
  'Good morning ma',
  'All quiet.',
  'birds eating well, no problem',
  'Generator died',
  'phone battery dead',
  'lost my phone',
  'My number is 08031234567',
  'We use 5 bags every day',
  '3 goats 120k',
  'Hotel ordered 30 crates at 4,200 each',
  'Top Feeds dey sell starter 42k',
  'Bag of starter now cost 42k',
  '.',
  '👩🏽‍⚕️',
])('nothing to record: %s', (note) => {
  expect(proposals(note)).toEqual([]);
});

test.each([
  ['No mortality. Fed 6 bags layer mash.', ['feed_use']],
  ['no bird died but 2 are weak', ['symptom']],
  ['No death in House 1, 2 dead in House 2', ['mortality']],
])('what is denied takes nothing else with it: %s', (note, expected) => {
  expect(types(note)).toEqual(expected);
});

test.each([
  ['We need to buy feed', 'buy feed'],
  ['Will sell 20 cockerels', 'sell 20 cockerels'],
  ["Don't forget to collect the crates", 'collect the crates'],
  ['Call the vet on 08031234567', 'Call the vet on 08031234567'],
  ['remind me to pay Musa 15k', 'pay Musa 15k'],
  ['make we buy feed', 'buy feed'],
  ['Need 5 bags of feed', 'Need 5 bags of feed'],
])('what is still to be done is a task, never a sale or an expense: %s', (note, title) => {
  expect(only(note)).toMatchObject({ record_type: 'task', payload: { title } });
});

test.each([
  'The vet will come on Monday',
  'Buyer will come tomorrow for 20 crates',
  'vet to visit on Friday',
])('what others plan is no task of ours: %s', (note) => {
  expect(proposals(note)).toEqual([]);
});

test.each([
  ['12 broilers died in House 3 and we sold 30 crates of eggs for ₦45,000', ['mortality', 'sale']],
  ['mort 5 H1, feed 3 bags, eggs sold 20 crates 30k', ['mortality', 'feed_use', 'sale']],
  ['Sold 15 broilers for 75,000. The rest are coughing.', ['sale', 'symptom']],
  ['Bought 2 bags starter 37k; 1 chick died', ['expense', 'mortality']],
  ['Spent 15k on drugs and 4k on transport', ['expense', 'expense']],
  ['Order 10 bags of layer mash. 2 birds died.', ['task', 'mortality']],
  ['fed 50kg layer mash, 20l water, House 1', ['feed_use', 'water']],
  ['Sold 3 goats for N120,000 and bought 4 bags of feed for N74,000', ['sale', 'expense']],
])('several records in one note: %s', (note, expected) => {
  expect(types(note)).toEqual(expected);
});

test.each([
  [
    'Mama Joy bought 10 crates of eggs from us for 16,000 naira',
    'sale',
    { buyer: 'Mama Joy', total_minor: '1600000' },
  ],
  ['Mama <person_token_ab12> bought 10 crates for 16k', 'sale', { buyer: 'Mama <person_token_ab12>' }],
  ['Payment from hotel 42k for 10 crates of eggs', 'sale', { buyer: 'hotel', total_minor: '4200000' }],
  ['10 crates bought by Mama Tola 16k', 'sale', { buyer: 'Mama Tola', total_minor: '1600000' }],
  ['Paid 5k from petty cash for fuel', 'expense', { item: 'fuel' }],
  ['Musa bought 2 goats', 'note', {}],
  ['Mama Nkechi paid her 15k balance', 'note', {}],
  [
    'Paid Mr <person_token_ab12> N5,000 for weeding',
    'expense',
    { supplier: 'Mr <person_token_ab12>', item: 'weeding' },
  ],
  ['Paid wages 60,000 to three workers', 'expense', { item: 'wages', total_minor: '6000000' }],
])('whose deal it was decides what it is: %s', (note, recordType, payload) => {
  expect(only(note)).toMatchObject({ record_type: recordType, payload });
});

test.each([
  ['Bought 3 bags feed, paid 54k', '5400000'],
  ['Bought 3 bags feed for 54k, paid 30k, balance 24k', '5400000'],
])('a payment is no second expense: %s', (note, total) => {
  expect(only(note)).toMatchObject({ record_type: 'expense', payload: { total_minor: total } });
});

test.each([
  ['One layer died in House 2 from prolapse', 'prolapse'],
  ['A snake killed 3 pullets', 'A snake'],
  ['Found two chicks dead, crushed', 'crushed'],
  ['10 catfish dead due to low oxygen', 'low oxygen'],
  ['2 rabbits died from the new batch', undefined],
  ['3 birds died maybe from heat', undefined],
])('a cause is read only where it is said: %s', (note, cause) => {
  expect(only(note).payload['cause']).toBe(cause);
});
