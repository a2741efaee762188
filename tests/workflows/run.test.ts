import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { governedRuns } from '../support/governed';

const governed = governedRuns();
const packet = (name: string): object =>
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', 'packets', name), 'utf8')) as object;

describe('a run through all nine steps', () => {
  it('asks two people about a privilege and grants it once both have approved', async () => {
    const { hospital } = governed.world;
    const runId = await governed.start(hospital.staff, 'credentialing.privileging', packet('complete.json'));
    const waiting = await governed.settled(hospital.id, runId);
    expect(waiting).toMatchObject({ state: 'waiting', step: 'await', advisory: 'available' });

    const [gate] = await governed.gates(hospital.id, runId);
    expect(gate).toMatchObject({ seats: 2, manual: false, record_class: 'privileging' });
    const [first, second] = hospital.members;
    const one = await governed.decide(first, gate!, 'approve', { disposition: 'grant' });
    expect(one).toMatchObject({ outcome: 'applied' });
    expect(await governed.run(hospital.id, runId)).toMatchObject({ state: 'waiting' });
    const two = await governed.decide(second, gate!, 'approve', { disposition: 'grant' });
    expect(two).toMatchObject({ outcome: 'applied' });

    expect(await governed.settled(hospital.id, runId, ['closed'])).toMatchObject({
      outcome: 'approved',
      reserved_credits: 1n,
      actual_credits: 1n,
    });
    expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
    const history = await governed.handle(runId).fetchHistory();
  });
});
