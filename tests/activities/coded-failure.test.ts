import { ApplicationFailure } from '@temporalio/common';
import { DatabaseError } from 'pg';
import { classify, CodedFailure, toApplicationFailure } from '../../activities/coded-failure';

function crossing(error: unknown, attempt: number): ApplicationFailure {
  const failure = toApplicationFailure(error, attempt);
  if (!(failure instanceof ApplicationFailure)) throw new Error('it is of another kind');
  return failure;
}

function databaseError(sqlstate: string): DatabaseError {
  const error = new DatabaseError('a row of somebody', 1, 'error');
  error.code = sqlstate;
  return error;
}

test('an outage of the database is waited for ever more rarely, and never longer than half a minute', () => {
  const away = databaseError('57P01');
  const pauses = [1, 2, 3, 4, 5, 6, 7, 2_000].map(
    (attempt): unknown => crossing(away, attempt).nextRetryDelay,
  );
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('any other failure leaves its pause to the policy, or to what it asks for itself', () => {
  expect(crossing(new Error('x'), 9).nextRetryDelay).toBeUndefined();
  expect(crossing(new CodedFailure('model_throttled', true, 7_000), 9).nextRetryDelay).toBe(7_000);
});

test.each(['08006', '25006', '40001', '40P01', '53300', '55P03', '57P03'])(
  '%s of the database passes with time',
  (sqlstate) => {
    expect(classify(databaseError(sqlstate))).toMatchObject({
      code: 'database_unavailable',
      retryable: true,
    });
  },
);

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EPIPE'])(
  '%s of the network is an outage of the database',
  (code) => {
    expect(classify(Object.assign(new Error('x'), { code })).code).toBe('database_unavailable');
  },
);

test.each(['P0001', '23505', '42883', '22P02'])('%s is a fault of the step', (sqlstate) => {
  expect(classify(databaseError(sqlstate))).toMatchObject({ code: 'step_failed', retryable: true });
});

test('what crosses is the code alone', () => {
  const failure = crossing(databaseError('23505'), 1);
  expect(failure.type).toBe('step_failed');
  expect(failure.message).not.toContain('somebody');
  expect([failure.stack, failure.cause, failure.details]).toEqual(['', undefined, undefined]);
});
