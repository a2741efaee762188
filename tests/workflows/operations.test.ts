import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { withdrawSignal } from '../../workflows/messages';
import { until } from '../stack/stand-in';
import { first } from '../support/first';
import { governedRuns } from '../support/governed';

/* What operations see of a run in Temporal's UI: where it is, what it waits for, and what each timer and call is for. */

const governed = governedRuns();

/** What the UI asks for under "Current Details". */
async function details(runId: string): Promise<string> {
  const { currentDetails } = await governed
    .handle(runId)
    .query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

/** The summaries of a run's events, in their order. */
async function summaries(runId: string): Promise<string[]> {
  const { events } = JSON.parse(historyToJSON(await governed.handle(runId).fetchHistory())) as {
    events: { userMetadata?: { summary?: { data: string } } }[];
  };
  return events.flatMap(({ userMetadata }) => {
    const data = userMetadata?.summary?.data;
    return data === undefined ? [] : [JSON.parse(Buffer.from(data, 'base64').toString()) as string];
  });
}

it('shows the nine steps, whom a waiting run asks until when, and how it ended', async () => {
  const { hand, owner, id } = governed.world.farm;
  const runId = await governed.start(hand, 'farm.record', {
    note: 'We sold 4 crates of eggs for ₦6,000',
    occurred_at: '2026-11-20T08:00:00Z',
  });
  await governed.settled(id, runId, ['waiting']);
  const gate = first(await governed.gates(id, runId));
  expect(await details(runId)).toBe(
    '✓ reserve → ✓ scrub → ✓ invoke → ✓ evaluate → ✓ draft → **await** → decide → settle → audit\n\n' +
      `Gate ${gate.id}: reviewer, to ${gate.due_at.slice(0, 16)}Z`,
  );
  expect(await summaries(runId)).toEqual([`farm.record of ${id}`, 'primary', `reminder of gate ${gate.id}`]);
  await governed.decide(owner, gate, 'approve');
  await governed.settled(id, runId, ['closed']);
  await governed.handle(runId).result();
  expect(await details(runId)).toBe(
    '✓ reserve → ✓ scrub → ✓ invoke → ✓ evaluate → ✓ draft → ✓ await → ✓ decide → ✓ settle → ✓ audit\n\n' +
      'Ended: approved.',
  );
});

it('shows at which step a run failed, and by which code', async () => {
  const { hand } = governed.world.farm;
  const runId = await governed.start(hand, 'farm.record', { note: '', occurred_at: 'never' });
  await governed.handle(runId).result();
  expect(await details(runId)).toBe(
    '✓ reserve → **scrub** → invoke → evaluate → draft → await → decide → settle → audit\n\n' +
      'Ended: failed, input_unreadable.',
  );
});

it('names what a timer is for: once reminded and escalated, a gate comes to its expiry', async () => {
  const { hand, id } = governed.world.farm;
  const runId = await governed.start(hand, 'farm.record', {
    note: 'We sold 9 crates of eggs for ₦13,500',
    occurred_at: '2026-11-20T08:00:00Z',
  });
  await governed.settled(id, runId, ['waiting']);
  const gate = first(await governed.gates(id, runId));
  await governed.database.asOwner(null, (transaction) =>
    transaction.rows("update core.clock set shift = interval '13 days'"),
  );
  await governed.handle(runId).signal(withdrawSignal);
  await until(async () => (await summaries(runId)).includes(`expiry of gate ${gate.id}`), 20_000);
});
