/** From named fields, as a structured line or a table's row gives them, to a statement. Incomplete fields give none. */
import { readDate } from './dates';
import { clearDay, readExpiry, readRecommends, readResult, type Statement } from './evidence';

/** Field names in lower case, with the words that stand beside them. */
export type Fields = ReadonlyMap<string, string>;

/** What a structured line or a row may state. */
export type StatementKind = Statement['kind'];

function firstOf(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name)?.trim();
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function licenceOf(fields: Fields): Statement | null {
  const [state, status] = [firstOf(fields, 'state'), firstOf(fields, 'status')];
  if (state === undefined || status === undefined) return null;
  return { kind: 'licence', state, status, expires: readExpiry(firstOf(fields, 'expires', 'valid until')) };
}

function certificationOf(fields: Fields): Statement | null {
  const [board, status] = [firstOf(fields, 'board'), firstOf(fields, 'status')];
  if (board === undefined || status === undefined) return null;
  const expires = readExpiry(firstOf(fields, 'valid until', 'expires'));
  return { kind: 'board_certification', board, status, expires };
}

function caseVolumeOf(fields: Fields): Statement | null {
  const procedureCode = firstOf(fields, 'code', 'procedure code');
  const [from, until] = [clearDay(firstOf(fields, 'from')), clearDay(firstOf(fields, 'to', 'until'))];
  const count = wholeNumber(firstOf(fields, 'cases', 'count'));
  if (procedureCode === undefined || from === null || until === null || count === null || from > until)
    return null;
  return { kind: 'case_volume', procedureCode, count, from, until };
}

function referenceOf(fields: Fields): Statement | null {
  const [referee, recommends] = [firstOf(fields, 'referee'), firstOf(fields, 'recommends')];
  if (referee === undefined || recommends === undefined) return null;
  const received = readDate(firstOf(fields, 'received', 'date') ?? '');
  return { kind: 'reference', referee, received, recommends: readRecommends(recommends) };
}

function referenceCountOf(fields: Fields): Statement | null {
  const count = wholeNumber(firstOf(fields, 'count'));
  // A count says how many there are only when it says that it is complete.
  if (count === null || firstOf(fields, 'complete')?.toLowerCase() !== 'yes') return null;
  return { kind: 'reference_count', count, until: readDate(firstOf(fields, 'as of', 'until') ?? '') };
}

function sanctionSearchOf(fields: Fields): Statement | null {
  const list = firstOf(fields, 'list');
  const result = readResult(firstOf(fields, 'result') ?? '');
  if (list === undefined || result === null) return null;
  return {
    kind: 'sanction_search',
    list,
    result,
    searched: readDate(firstOf(fields, 'searched', 'date') ?? ''),
  };
}

const READERS: Readonly<Record<StatementKind, (fields: Fields) => Statement | null>> = {
  licence: licenceOf,
  board_certification: certificationOf,
  case_volume: caseVolumeOf,
  reference: referenceOf,
  reference_count: referenceCountOf,
  sanction_search: sanctionSearchOf,
};

/** Reads a statement of one kind from named fields; null when a field that it needs is missing or unclear. */
export function statementOfFields(kind: StatementKind, fields: Fields): Statement | null {
  return READERS[kind](fields);
}
