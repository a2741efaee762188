import { createActivities } from '../../activities/create';
import { createVault } from '../../activities/scrubber/vault';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { inActivity, note, output, proposal, steps, type Farm } from './support/steps';

const database = testDatabase();
const world = steps(database);
const NOTE = note('12 broilers died in House 3. Fed 3 bags of layer mash in House 2.');
const DEATHS = proposal('mortality', { count: 12, occurred_on: '2025-11-10', place: 'House 3' });
const FEED = proposal('feed_use', {
  quantity: '3',
  unit: 'bag',
  occurred_on: '2025-11-10',
  place: 'House 2',
});
const INVENTED = proposal('mortality', { count: 77, occurred_on: '2025-11-10' });
let farm: Farm;

beforeEach(async () => {
  farm = await world.farm();
});

async function drafted(
  answer: unknown,
  { senior = false, input = NOTE, before = () => Promise.resolve() } = {},
) {
  const runId = await world.evaluated(farm.hand, input, answer);
  await before();
  const request = { tenantId: farm.id, runId, advisory: 'available' as const, senior };
  const drafted = await world.activities.draft(request);
  return {
    runId,
    request,
    drafted,
    proposals: await world.proposals(runId),
    gates: await world.gates(runId),
  };
}

test('every proposal gets its gate, and the same again is the same', async () => {
  const { runId, request, drafted: first, proposals, gates } = await drafted(output([DEATHS, FEED]));
  expect(first.outcome).toBe('drafted');
  expect(first.gates.map(({ gateId }) => gateId).sort()).toEqual(gates.map(({ id }) => id).sort());
  expect(proposals).toMatchObject([
    { ordinal: 0, kind: 'draft', record_type: 'mortality', shown: true, payload: DEATHS.payload },
    { ordinal: 1, kind: 'draft', record_type: 'feed_use', shown: true, payload: FEED.payload },
  ]);
  expect(gates.map(({ manual, roles }) => ({ manual, roles }))).toEqual([
    { manual: false, roles: ['reviewer'] },
    { manual: false, roles: ['reviewer'] },
  ]);
  expect(await world.activities.draft(request)).toEqual(first);
  expect(await world.proposals(runId)).toEqual(proposals);
  expect((await world.events(runId)).filter((type) => type === 'advisory.recorded')).toHaveLength(1);
  expect(await world.run(runId)).toMatchObject({ state: 'waiting', advisory: 'available' });
});

test('no proposals, no gates', async () => {
  const { runId, drafted: answer, proposals } = await drafted(output([]));
  expect(answer).toEqual({ outcome: 'drafted', gates: [] });
  expect(proposals).toEqual([]);
  expect(await world.run(runId)).toMatchObject({ step: 'settle', advisory: 'available' });
});

describe('what an eval blocks', () => {
  test('is kept from view, and a person is asked in its place', async () => {
    const { runId, proposals, gates } = await drafted(output([INVENTED, FEED]));
    expect(proposals).toMatchObject([
      { ordinal: 0, record_type: 'mortality', shown: false, outcome: 'blocked' },
      { ordinal: 1, record_type: 'feed_use', shown: true },
      { ordinal: 2, kind: 'manual', record_type: 'mortality', shown: true },
    ]);
    expect(gates.map(({ manual }) => manual).sort()).toEqual([false, true]);
    const manual = gates.find((gate) => gate.manual);
    expect(manual?.question.question).toContain('AI advisory blocked, proceed manually');
    expect(manual?.question.flags.length).toBeGreaterThan(0);
    expect(JSON.stringify(gates.map((gate) => gate.question))).not.toContain('77');
    expect(await world.run(runId)).toMatchObject({ advisory: 'blocked' });
  });

  test('may be everything: then one manual gate is left', async () => {
    const { gates } = await drafted(output([INVENTED, INVENTED]));
    expect(gates).toMatchObject([{ manual: true }]);
  });

  test.each<[string, unknown]>([
    ['an answer that does not fit', { proposals: 'none' }],
    ['21 proposals', output(Array.from({ length: 21 }, () => DEATHS))],
    ['a record type that nobody registered', output([proposal('loan', { amount: '5' })])],
    ['a record type of another purpose', output([proposal('memory', { fact: 'Pond 3 is the nursery' })])],
    ['a record type of an object prototype', output([proposal('__proto__', {})])],
    ['a confidence out of range', output([{ ...DEATHS, confidence_permille: 5_000 }])],
    ['half a per mille', output([{ ...DEATHS, confidence_permille: 0.5 }])],
    ['a payload of another form', output([proposal('mortality', { count: 'twelve' })])],
    [
      'a field of its own',
      output([proposal('mortality', { ...(DEATHS.payload as object), approved: true })]),
    ],
  ])('%s: one manual gate', async (_name, answer) => {
    const { runId, gates, proposals } = await drafted(answer);
    expect(gates).toMatchObject([{ manual: true, roles: ['reviewer'] }]);
    expect(proposals.filter(({ shown }) => shown)).toMatchObject([{ kind: 'manual' }]);
    expect(await world.run(runId)).toMatchObject({ advisory: 'blocked', state: 'waiting' });
  });
});

test('without an answer a person is asked, and the gate says why', async () => {
  const runId = await world.scrubbed(farm.hand, 'farm.record', NOTE);
  const request = { tenantId: farm.id, runId, advisory: 'unavailable' as const, senior: false };
  await world.activities.giveUp({ tenantId: farm.id, runId, kind: 'primary', code: 'model_unavailable' });
  await world.activities.draft(request);
  const [gate] = await world.gates(runId);
  expect(gate).toMatchObject({ manual: true });
  expect(gate?.question.question).toBe(
    'AI advisory unavailable, proceed manually: Turn a farm note into records',
  );
  // Whoever decides chooses the record type first, so no field of any is said to be open.
  expect(gate?.question).toMatchObject({
    missing: [],
    if_approved: expect.stringContaining('you choose') as string,
  });
  expect(await world.run(runId)).toMatchObject({ advisory: 'unavailable' });
});

describe('tokens', () => {
  const SALE = note('Emeka Okafor bought 30 crates of eggs for ₦45,000 from Ngozi Adebayo.');

  /** The proposal as a model would make it of what it saw. */
  async function reading(make: (sent: string, tokens: readonly string[]) => Record<string, unknown>) {
    const runId = await world.scrubbed(farm.hand, 'farm.record', SALE);
    const [prompt = '{}'] = await world.contents(runId, 'prompt');
    const { user } = JSON.parse(prompt) as { user: string };
    const sent = (JSON.parse(user) as { input: { note: string } }).input.note;
    const tokens = sent.match(/<person_token_[a-z2-7]{20}>/g) ?? [];
    const { invoke } = world.answering(output([make(sent, tokens)]));
    await inActivity(() => invoke({ tenantId: farm.id, runId, kind: 'primary' }));
    await world.activities.evaluate({ tenantId: farm.id, runId, advisorAsked: false });
    const request = { tenantId: farm.id, runId, advisory: 'available' as const, senior: false };
    await world.activities.draft(request);
    return { runId, sent, tokens, gates: await world.gates(runId), proposals: await world.proposals(runId) };
  }
  const sale = (buyer: string): Record<string, unknown> => ({
    item: 'eggs',
    quantity: '30',
    unit: 'crate',
    total_minor: '4500000',
    currency: 'NGN',
    occurred_on: '2025-11-10',
    buyer,
  });

  test('are given back to the letter, and sources point into the note as it was written', async () => {
    const { gates, proposals, sent } = await reading((text, tokens) => {
      const start = text.indexOf('30 crates');
      const last = text.indexOf(tokens[1] ?? '');
      return proposal('sale', sale(tokens[0] ?? ''), {
        sources: [
          { field: 'note', start, end: start + 9, quote: '30 crates' },
          { field: 'note', start: last, end: text.length, quote: text.slice(last) },
        ],
      });
    });
    expect(sent).not.toContain('Okafor');
    expect(proposals).toMatchObject([{ shown: true, payload: { buyer: 'Emeka Okafor' } }]);
    const sources = gates[0]?.question.sources as { start: number; end: number; quote: string }[];
    expect(sources.map(({ start, end }) => SALE.note.slice(start, end))).toEqual([
      '30 crates',
      'Ngozi Adebayo.',
    ]);
    expect(sources.map(({ quote }) => quote)).toEqual(['30 crates', 'Ngozi Adebayo.']);
  });

  test.each<[string, (token: string) => string]>([
    ['of nobody', () => '<person_token_aaaaaaaaaaaaaaaaaaaa>'],
    ['cut short', (token) => token.slice(0, -4)],
    ['in capitals', (token) => token.toUpperCase()],
    ['with one letter changed', (token) => token.replace(/.>$/, (end) => (end === 'a>' ? 'b>' : 'a>'))],
    ['of another kind', (token) => token.replace('person', 'phone')],
    ['as a bare body', (token) => token.slice(14, -1)],
    ['with something in between', (token) => token.replace('_token_', '_token _')],
  ])('%s block the proposal', async (_name, mutate) => {
    const { gates, proposals } = await reading((_text, tokens) =>
      proposal('sale', sale(mutate(tokens[0] ?? ''))),
    );
    expect(proposals).toMatchObject([{ shown: false }, { kind: 'manual', shown: true }]);
    expect(gates).toMatchObject([{ manual: true }]);
  });

  test("of another run do not open here: nobody's name comes out", async () => {
    const other = await world.scrubbed(farm.hand, 'farm.record', note('Bought from Chidinma Nwosu.'));
    const [foreign] = await database.look<{ token: string }>(
      'select token from core.scrub_tokens where run_id = $1',
      [other],
    );
    const { proposals, gates } = await reading(() => proposal('sale', sale(foreign?.token ?? '')));
    expect(proposals[0]).toMatchObject({ shown: false });
    expect(JSON.stringify([proposals, gates])).not.toContain('Chidinma');
  });
});

describe('autonomy', () => {
  const tier =
    (autonomy_tier: string, more: object = {}) =>
    async (): Promise<void> =>
      await changePolicy(database, farm.owner, {
        autonomy_tier,
        auto_categories: ['feed_use', 'note'],
        ...more,
      });

  test('suggest writes nothing and asks nobody', async () => {
    const { gates, proposals, runId } = await drafted(output([DEATHS, FEED]), { before: tier('suggest') });
    expect(gates).toEqual([]);
    expect(proposals.map(({ outcome }) => outcome)).toEqual(['advised', 'advised']);
    expect(await world.run(runId)).toMatchObject({ step: 'settle' });
  });

  test('auto applies what is routine and listed, and asks about the rest', async () => {
    const { gates, proposals } = await drafted(output([DEATHS, FEED]), { before: tier('auto') });
    expect(proposals.map(({ outcome }) => outcome)).toEqual([null, 'applied']);
    expect(gates.filter(({ closed_at }) => closed_at === null)).toHaveLength(1);
  });

  test('auto asks about a routine type that is not listed', async () => {
    const { proposals } = await drafted(output([FEED]), {
      before: tier('auto', { auto_categories: ['note'] }),
    });
    expect(proposals.map(({ outcome }) => outcome)).toEqual([null]);
  });

  test('auto applies nothing that is less certain than the threshold', async () => {
    const unsure = output([{ ...FEED, confidence_permille: 700 }]);
    const { proposals } = await drafted(unsure, {
      before: tier('auto', { confidence_threshold_permille: 800 }),
    });
    expect(proposals.map(({ outcome }) => outcome)).toEqual([null]);
  });

  test('auto applies nothing that an eval warns of, nor what is incomplete', async () => {
    const { place: _place, unit: _unit, ...partial } = FEED.payload as Record<string, string>;
    const { proposals } = await drafted(output([proposal('feed_use', partial, { missing: ['unit'] })]), {
      before: tier('auto'),
    });
    expect(proposals).toMatchObject([{ shown: true, outcome: null }]);
  });

  test('auto never speaks for a manual gate', async () => {
    const { gates } = await drafted({ nonsense: true }, { before: tier('auto') });
    expect(gates).toMatchObject([{ manual: true, closed_at: null }]);
  });
});

test('what goes to the senior is asked of the senior, also by hand', async () => {
  const { gates } = await drafted(output([INVENTED, FEED]), { senior: true });
  // The farm has no senior, so the next of the chain is asked at once.
  expect(gates.map(({ roles }) => roles)).toEqual([
    ['senior', 'admin'],
    ['senior', 'admin'],
  ]);
});

describe('a proposal like one of the last day', () => {
  test('says so and is not merged', async () => {
    const first = await drafted(output([DEATHS]));
    const second = await drafted(output([DEATHS]), { input: note('Again 12 broilers died in House 3.') });
    expect(second.proposals).toMatchObject([{ possible_duplicate_of: first.proposals[0]?.id, shown: true }]);
    expect(second.gates).toHaveLength(1);
  });

  test('but not of another day, nor of another farm', async () => {
    const other = proposal('mortality', { ...(DEATHS.payload as object), occurred_on: '2025-11-09' });
    await drafted(output([DEATHS]));
    const input = note('12 broilers died in House 3 on 9 November 2025.');
    expect((await drafted(output([other]), { input })).proposals[0]).toMatchObject({
      possible_duplicate_of: null,
    });
    farm = await world.farm();
    expect((await drafted(output([DEATHS]))).proposals[0]).toMatchObject({ possible_duplicate_of: null });
  });
});

test('a run that was withdrawn before its draft opens no gate', async () => {
  const runId = await world.evaluated(farm.hand, NOTE, output([DEATHS]));
  await database.as('api', farm.id, (transaction) =>
    transaction.value('select app.withdraw_run($1, $2)', [runId, farm.hand.userId]),
  );
  const request = { tenantId: farm.id, runId, advisory: 'available' as const, senior: false };
  expect(await world.activities.draft(request)).toEqual({ outcome: 'withdrawn', gates: [] });
  await world.activities.audit({ tenantId: farm.id, runId, code: 'run_withdrawn' });
  expect(await world.activities.draft(request)).toEqual({ outcome: 'closed', gates: [] });
  expect(await world.gates(runId)).toEqual([]);
});

test('tokens that another key sealed open nothing: the step fails and writes nothing', async () => {
  const runId = await world.evaluated(farm.hand, note('Paid Ngozi Adebayo ₦5,000.'), output([]));
  const { draft } = createActivities({ ...world.dependencies, vault: createVault(Buffer.alloc(32, 1)) });
  const request = { tenantId: farm.id, runId, advisory: 'available' as const, senior: false };
  await expect(draft(request)).rejects.toThrow();
  expect(await world.proposals(runId)).toEqual([]);
});
