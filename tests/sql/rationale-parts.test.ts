import { testDatabase } from '../support/database';
import { grant, sqlRuns, type GateRow, type VerdictWords } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

async function grantGate(): Promise<GateRow> {
  const { hospital } = runs.world;
  return (await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging')).gates[0] as GateRow;
}

const store = async (gate: GateRow, verdict: string, words: VerdictWords) =>
  await runs.store(runs.world.hospital.members[0], gate, verdict, words);

it('asks the same of an approval and of a rejection', async () => {
  const gate = await grantGate();
  for (const [verdict, disposition] of [
    ['approve', 'grant'],
    ['reject', null],
    ['escalate', null],
  ] as const) {
    const words = { disposition };
    expect(await store(gate, verdict, { ...words, reasonCode: null })).toMatchObject({
      code: 'rationale_required',
    });
    expect(await store(gate, verdict, { ...words, rationale: ' … ' })).toMatchObject({
      code: 'rationale_empty',
    });
    expect(await store(gate, verdict, { ...words, rationaleParts: {} })).toMatchObject({
      code: 'rationale_part_missing',
      now: { rationale_parts: ['reasons'] },
    });
    expect(await store(gate, verdict, { ...words, rationale: 'So it is.' })).toMatchObject({
      outcome: 'stored',
    });
  }
});

it.each([
  ['grant_with_conditions', 'conditions'],
  ['deny', 'basis'],
  ['defer', 'awaited'],
])('asks of %s for its own part, which no other verdict has', async (disposition, name) => {
  const gate = await grantGate();
  expect(await store(gate, 'approve', { disposition, rationale: 'So it is.' })).toMatchObject({
    code: 'rationale_part_missing',
    now: { rationale_parts: [name] },
  });
  const rationaleParts = { reasons: 'So it is.', [name]: 'What it takes.' };
  expect(await store(gate, 'approve', { disposition: 'grant', rationaleParts })).toMatchObject({
    code: 'rationale_part_unknown',
  });
  expect(await store(gate, 'reject', { rationaleParts })).toMatchObject({ code: 'rationale_part_unknown' });
  expect(
    await store(gate, 'approve', { disposition, rationaleParts: { ...rationaleParts, [name]: '…' } }),
  ).toMatchObject({ code: 'rationale_part_missing' });
  expect(await store(gate, 'approve', { disposition, rationaleParts })).toMatchObject({ outcome: 'stored' });
});

it('keeps the structure with the prompts that it answers, and shows it as one text', async () => {
  const { hospital } = runs.world;
  const gate = await grantGate();
  const words = {
    disposition: 'deny',
    rationale: 'The file is thin.',
    rationaleParts: { basis: 'No case volume is shown.' },
  };
  const decided = await runs.decide(hospital.members[0], gate, 'approve', words);
  const shown = await database.as('api', hospital.id, (transaction) =>
    transaction.rows<{ decision_rationale: string; rationale_parts: object[] }>(
      'select decision_rationale, rationale_parts from app.decisions_content where id = $1',
      [decided.decision_id],
    ),
  );
  expect(shown).toEqual([
    {
      decision_rationale:
        'Why, in your own words\nThe file is thin.\n\nThe criterion that is not met, and what shows it\nNo case volume is shown.',
      rationale_parts: [
        { name: 'reasons', prompt: 'Why, in your own words', text: 'The file is thin.' },
        {
          name: 'basis',
          prompt: 'The criterion that is not met, and what shows it',
          text: 'No case volume is shown.',
        },
      ],
    },
  ]);
});

it('takes no parts where the gate asks for none, nor a first part twice', async () => {
  const gate = await grantGate();
  expect(
    await store(gate, 'reject', { rationale: 'One.', rationaleParts: { reasons: 'Another.' } }),
  ).toMatchObject({ code: 'rationale_part_unknown' });
});
