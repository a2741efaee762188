import type { RouteQuery } from '../../contract/wire/routes';
import type { Transaction } from '../../db/transaction';
import { sightOf, type Caller } from '../caller';
import { readCursor, writeCursor } from '../http/cursor';
import { SELECT_GATES, type GateRow } from './gates';

type GateQuery = RouteQuery<'gates.list'>;

/** Gates that are looked at in one statement, and statements of one request: what nothing indexes is looked for among so many. */
const WINDOW_ROWS = 1_000;
const WINDOWS_MAX = 10;

interface Place {
  readonly id: string;
  readonly at: string;
}

/**
 * A page of gates, the soonest due (or the longest open) first. State, time and whose they are choose by an index; the rest
 * is looked for among the next thousands of rows, never among all: a page may have fewer than asked for, or none, and
 * `next_cursor` goes on after the last one that was looked at.
 * @throws ApiProblem `cursor_invalid`
 */
export async function readQueue(
  transaction: Transaction,
  caller: Caller,
  query: GateQuery,
): Promise<{ readonly items: readonly GateRow[]; readonly next_cursor: string | null }> {
  const list = `gates by ${query.sort}`;
  let after = query.cursor === undefined ? undefined : placeOf(list, query.cursor);
  const found: Place[] = [];
  for (let windows = 1; ; windows += 1) {
    const window = await readWindow(transaction, caller, query, after, query.limit + 1 - found.length);
    found.push(...window.found);
    after = window.end;
    if (found.length > query.limit || after === undefined || windows === WINDOWS_MAX) break;
  }
  const items = found.slice(0, query.limit);
  const last = found.length > query.limit ? items.at(-1) : after;
  return {
    items: await readRows(transaction, items),
    next_cursor: last === undefined ? null : writeCursor(list, [last.at, last.id]),
  };
}

function placeOf(list: string, cursor: string): Place {
  const [at = '', id = ''] = readCursor(list, cursor, ['timestamptz', 'uuid']);
  return { at, id };
}

/** Those among the next rows that fit, at most `limit`; and the last row that was looked at, unless it was the last of all. */
async function readWindow(
  transaction: Transaction,
  caller: Caller,
  query: GateQuery,
  after: Place | undefined,
  limit: number,
): Promise<{ readonly found: readonly Place[]; readonly end: Place | undefined }> {
  const { sort } = query;
  const values: unknown[] = [];
  const chosen = where(values, [
    [query.state === undefined ? undefined : `closed_at is ${query.state === 'open' ? '' : 'not '}null`],
    [query.waiting_for === 'requester' ? 'closed_at is null and waits_for_requester' : undefined],
    ['run_id = $', query.run_id],
    ['requested_by = $', sightOf(caller).onlyRequestedBy],
    ['due_at < $', query.due_before],
    ['due_at > $', query.due_after],
    [`(${sort}, id) > ($::timestamptz, $::uuid)`, after?.at, after?.id],
  ]);
  const looked = `select * from app.gate_queue ${chosen} order by ${sort}, id limit ${WINDOW_ROWS}`;
  const lookedValues = [...values];
  const fitting = where(values, [
    ['$ = any (roles)', query.role],
    ['record_class = $', query.class],
    ['record_type = $', query.record_type],
    ['purpose = $', query.purpose],
    ['id::text like $', query.id_ends === undefined ? undefined : `%${query.id_ends}`],
    [query.waiting_for === 'reviewer' ? 'closed_at is null and not waits_for_requester' : undefined],
    [query.claimed_by === 'nobody' ? '(claimed_until > app.now()) is not true' : undefined],
    ['claimed_until > app.now() and claimed_by = $', query.claimed_by === 'me' ? caller.userId : undefined],
    [
      // Also what one could decide in somebody else's place.
      `(select app.gate_refusal(id, me) is null or cardinality(app.acting_for(id, me)) > 0
        from (values ($::uuid)) asking (me))`,
      query.decidable === undefined ? undefined : caller.userId,
    ],
  ]);
  const found = await transaction.rows<Place>(
    `select id, ${sort} as at from (${looked}) looked ${fitting} order by ${sort}, id limit ${limit}`,
    values,
  );
  if (found.length === limit) return { found, end: undefined };
  const [end] = await transaction.rows<Place>(
    `select id, ${sort} as at from (${looked}) looked offset ${WINDOW_ROWS - 1}`,
    lookedValues,
  );
  return { found, end };
}

type Condition = readonly [text: string | undefined, ...values: readonly unknown[]];

/** Conditions that are asked for, with their values as parameters: each `$` of a text stands for its next value. */
function where(values: unknown[], conditions: readonly Condition[]): string {
  const asked = conditions.flatMap(([text, ...given]) => {
    if (text === undefined || given.includes(undefined)) return [];
    let at = 0;
    return [text.replaceAll('$', () => `$${values.push(given[at++])}`)];
  });
  return asked.length === 0 ? '' : `where ${asked.join(' and ')}`;
}

/** The gates of a page, in its order. */
async function readRows(transaction: Transaction, places: readonly Place[]): Promise<readonly GateRow[]> {
  if (places.length === 0) return [];
  const rows = await transaction.rows<GateRow>(`${SELECT_GATES} where id = any ($1::uuid[])`, [
    places.map(({ id }) => id),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap(({ id }) => byId.get(id) ?? []);
}
