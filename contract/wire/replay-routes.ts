/** What the addresses of replays take and answer: a part of the table in routes.ts. */
import { listOf, listQuery } from './primitives';
import { replay, replayRequest } from './replay';
import type { RouteShape } from './routes';

export const REPLAY_SHAPES = {
  'runs.replay': {
    summary: "Ask a call's stored prompt once more, and compare the answer with the stored one",
    body: replayRequest,
    bodyOptional: true,
    answers: { 202: replay },
    codes: ['idempotency_key_missing', 'key_reused', 'run_not_found', 'not_replayable'],
  },
  'runs.replays': {
    summary: 'Replays of the calls of a run, oldest first',
    query: listQuery,
    answers: { 200: listOf(replay) },
    codes: ['run_not_found'],
  },
  'replays.get': {
    summary: 'One replay, and how the answers compare',
    answers: { 200: replay },
    codes: ['replay_not_found'],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
