import { startHeaders } from './start-headers';
import type { Transport } from './transport';
import type { Answer, Body, CreateOptions, Query } from './types';

/** Records: what decisions wrote, and what is asked of them afterwards. */
export function recordsOver(transport: Transport) {
  return {
    list: (query: Query<'records.list'> = {}): Promise<Answer<'records.list'>> =>
      transport.send('records.list', { query }),
    /** Asks for the record that shall stand for this one: a run, decided at a gate of its own. */
    correct: (
      id: string,
      body: Body<'records.correct'>,
      how: CreateOptions = {},
    ): Promise<Answer<'records.correct'>> =>
      transport.send('records.correct', { path: { id }, body, headers: startHeaders(how) }),
    undo: (id: string, reason: string, how: CreateOptions = {}): Promise<Answer<'records.undo'>> =>
      transport.send('records.undo', { path: { id }, body: { reason }, headers: startHeaders(how) }),
  };
}
