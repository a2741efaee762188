import { AGREEMENT_DECIDED_MIN } from '../../contract/policy/reviewer-agreement';
import { governedRuns, type GateRow } from '../support/governed';
import type { Person } from '../support/world';
import { testApi } from './support/server';

/* What reviewers made of a model's answers, as whoever oversees reads it, and as a gate shows it. */

const governed = governedRuns();
const { database } = governed;
const api = testApi(() => ({
  database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

async function gateOf(note: string): Promise<GateRow> {
  const { hand, id } = governed.world.farm;
  const runId = await governed.start(hand, 'farm.record', { note, occurred_at: '2026-11-24T08:00:00Z' });
  await governed.settled(id, runId);
  const [gate] = await governed.gates(id, runId);
  if (gate === undefined) throw new Error('no gate');
  return gate;
}

const shownAt = async (gate: GateRow, by: Person) =>
  (await api.ask(by, 'gates.get', { params: { id: gate.id } })).body;

/** Days of before, as the sweep counts them. */
async function counted(agreed: number, edited: number, day: string): Promise<void> {
  await database.asOwner(governed.world.farm.id, (transaction) =>
    transaction.rows(
      `insert into core.agreement_days (tenant_id, purpose, vendor, model, confidence_permille, day, agreed, edited, rejected, counted_at)
       values ($1, 'farm.record', 'local', 'farm-notes-1', 1000, $2, $3, $4, 0, app.now())`,
      [governed.world.farm.id, day, agreed, edited],
    ),
  );
}

test('says what was agreed, edited and rejected, by band, to whoever oversees', async () => {
  const { owner, hand, id } = governed.world.farm;
  const words = [
    ['12 broilers died in House 1', 'approve'],
    ['13 broilers died in House 1', 'reject'],
    ['14 broilers died in House 1', 'approve'],
  ] as const;
  for (const [note, verdict] of words) {
    const gate = await gateOf(note);
    const edits = note.startsWith('14') ? { count: 15, occurred_on: '2026-11-24' } : undefined;
    await governed.decide(owner, gate, verdict, edits === undefined ? {} : { edits });
    await governed.settled(id, gate.run_id, ['closed']);
  }
  const { body } = await api.ask(owner, 'agreement.get');
  expect(body).toEqual({
    items: [
      {
        purpose: 'farm.record',
        vendor: 'local',
        model: 'farm-notes-1',
        band: '0.9–1.0',
        agreed: '1',
        edited: '1',
        rejected: '1',
        decided: '3',
      },
    ],
    shown_from: String(AGREEMENT_DECIDED_MIN),
  });
  const query = {
    purpose: 'farm.record',
    model: 'farm-notes-1',
    vendor: 'local',
    from: '2026-01-01T00:00:00Z',
  };
  expect((await api.ask(owner, 'agreement.get', { query })).body).toEqual(body);
  for (const other of [{ model: 'another' }, { purpose: 'farm.memory' }, { to: '2026-01-01T00:00:00Z' }])
    expect((await api.ask(owner, 'agreement.get', { query: { ...query, ...other } })).body.items).toEqual([]);
  expect((await api.refused(hand, 'agreement.get')).body.code).toBe('not_allowed');
  expect((await api.refused(owner, 'agreement.get', { query: { from: 'yesterday' } })).status).toBe(400);
  const theirs = (await api.ask(governed.world.hospital.auditor, 'agreement.get')).body.items;
  expect(theirs.filter(({ purpose }) => purpose === 'farm.record')).toEqual([]);
});

test('a gate shows nothing while little was decided, and then the band with what was measured before it opened', async () => {
  const { owner } = governed.world.farm;
  await counted(AGREEMENT_DECIDED_MIN - 1, 0, '2026-11-20');
  const before = await gateOf('15 broilers died in House 1');
  expect(await shownAt(before, owner)).toMatchObject({ agreement: null });
  await counted(41 - (AGREEMENT_DECIDED_MIN - 1) + 50, 9, '2026-11-21');
  const gate = await gateOf('16 broilers died in House 1');
  const view = await shownAt(gate, owner);
  expect(view).toMatchObject({
    confidence: 1000,
    agreement: { band: '0.9–1.0', agreed: '91', decided: '100' },
  });
  expect(await shownAt(before, owner)).toMatchObject({ agreement: null });
  const listed = (await api.ask(owner, 'gates.list', { query: { run_id: gate.run_id } })).body.items;
  expect(listed).toMatchObject([{ agreement: null }]);
});

test('what is counted between showing and deciding makes no verdict stale', async () => {
  const { owner } = governed.world.farm;
  const gate = await gateOf('17 broilers died in House 1');
  const view = await shownAt(gate, owner);
  await counted(0, 100, '2026-11-22');
  expect(await shownAt(gate, owner)).toEqual(view);
  const { status } = await api.ask(owner, 'gates.decide', {
    params: { id: gate.id },
    body: {
      verdict: 'approve',
      reason_code: 'correct',
      gate_version: view.version,
      proposal_hash: view.proposal_hash,
      shown_hash: view.shown_hash ?? '',
    },
  });
  expect(status).toBe(200);
});
