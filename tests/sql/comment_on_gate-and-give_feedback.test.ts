import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { sale, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('keep their words as content, and refuse what is not there or another tenant’s', async () => {
  const { farm, hospital } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale()]);
  const gateId = gates[0]?.id;
  const commented = await runs.call(
    'api',
    farm.id,
    'comment_on_gate',
    gateId,
    'Counted twice.',
    farm.owner.userId,
  );
  expect(commented.outcome).toBe('commented');
  const [comment] = await database.as('api', farm.id, (transaction) =>
    transaction.rows<{ text: string }>('select text from app.comments_content where id = $1', [commented.id]),
  );
  expect(comment).toEqual({ text: 'Counted twice.' });
  expect(await runs.call('api', hospital.id, 'comment_on_gate', gateId, 'x', hospital.senior.userId)).toEqual(
    { outcome: 'refused', code: 'gate_not_found' },
  );

  expect(
    await runs.call('api', farm.id, 'give_feedback', runId, 'down', 'Wrong day.', farm.owner.userId),
  ).toEqual({ outcome: 'recorded' });
  expect(await runs.call('api', farm.id, 'give_feedback', runId, 'up', null, farm.owner.userId)).toEqual({
    outcome: 'recorded',
  });
  const feedback = await database.as('api', farm.id, (transaction) =>
    transaction.rows(
      'select f.thumb, c.comment from app.feedback f join app.feedback_content c on c.id = f.id where f.run_id = $1 order by f.at',
      [runId],
    ),
  );
  expect(feedback).toEqual([
    { thumb: 'down', comment: 'Wrong day.' },
    { thumb: 'up', comment: null },
  ]);
  const theirs = await database.as('api', hospital.id, (transaction) =>
    transaction.rows('select id from app.feedback where run_id = $1', [runId]),
  );
  expect(theirs).toEqual([]);
  expect(
    await runs.call('api', farm.id, 'give_feedback', randomUUID(), 'up', null, farm.owner.userId),
  ).toEqual({ outcome: 'refused', code: 'run_not_found' });
  expect(
    await stateOf(runs.call('api', farm.id, 'give_feedback', runId, 'sideways', null, farm.owner.userId)),
  ).toBe('23514');
  expect(
    await stateOf(runs.call('api', farm.id, 'give_feedback', runId, 'up', null, hospital.senior.userId)),
  ).toBe('ZC012');
});
