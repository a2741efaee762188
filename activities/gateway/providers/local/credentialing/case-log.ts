/**
 * Counts the cases of a procedure in case logs, row by row, within a window of days. What a row leaves open (a date that
 * can be read in two ways or is withheld, a part that was not the surgeon's, a row that stands twice) widens the range
 * between the cases that are certain and those that are possible.
 */
import type { SourceSpan } from '../../../../../contract/pack';
import { DATE_TOKEN, readDate, WRITTEN_DATE } from './dates';
import { clearDay, spanOf } from './evidence';
import { fieldsOf, linesOf } from './structured-lines';
import { tableRowsOf } from './tables';
import type { Document, Page } from './user-document';

export interface Window {
  /** First and last day, both included. */
  readonly from: string;
  readonly until: string;
}

interface LogRow {
  readonly date: string;
  /** Where the procedure's code may stand: the code's cell, or the line after its date. */
  readonly place: string;
  readonly rest: string;
  readonly source: SourceSpan;
  readonly key: string;
}

export interface CaseCount {
  /** One source for each certain case. */
  readonly certain: readonly SourceSpan[];
  readonly possible: readonly SourceSpan[];
  /** The line by which the logs say that they hold all cases of the window; null when none does. */
  readonly complete: SourceSpan | null;
  /** A log whose stated number of rows is not the number of its rows. */
  readonly contradicted: SourceSpan | null;
}

const LOG_LINE = new RegExp(`^\\s*(?:\\d{1,4}[.)]?\\s+)?(${WRITTEN_DATE}|${DATE_TOKEN})\\s+(\\S.*)$`);
const COMPLETE_LINE = /^\s*Complete case log\s*:\s*(\S.*)$/i;
const NOT_OWN_CASE =
  /\b(?:assist\w*|observ\w*|second surgeon|cancel\w*|abort\w*|postponed|not performed|simulat\w*|cadaver\w*)\b/i;

function lineRowsOf(page: Page): LogRow[] {
  return linesOf(page).flatMap((line): LogRow[] => {
    if (line.text.includes('|')) return [];
    const match = LOG_LINE.exec(line.text);
    const source = spanOf(page, line.start, line.end);
    if (match === null || source === null) return [];
    const [date, rest] = [match[1] ?? '', match[2] ?? ''];
    return [
      { date, place: rest, rest, source, key: `${date} ${rest}`.toLowerCase().replace(/\s+/g, ' ').trim() },
    ];
  });
}

function rowsOf(document: Document): LogRow[] {
  const rows = tableRowsOf(document.pages).flatMap((row): LogRow[] => {
    const [date, code] = [row.fields.get('date'), row.fields.get('code')];
    if (date === undefined || code === undefined) return [];
    const rest = [...row.fields.entries()].filter(([name]) => name !== 'date').map(([, value]) => value);
    return [{ date, place: code, rest: rest.join('  '), source: row.source, key: row.key }];
  });
  return [...rows, ...document.pages.flatMap(lineRowsOf)];
}

/** The code as a word of its own: `GS-21` is not in `GS-214`. */
function names(rest: string, code: string): boolean {
  const escaped = code.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'i').test(rest);
}

/** A token that may stand in place of the code; those of patients and staff do not. */
const HIDING_TOKEN = /<(?!mrn_|patient_|provider_|date_|age_)[a-z_]+_token_\w+>/;

interface Completeness {
  readonly source: SourceSpan;
  readonly window: Window;
  readonly rows: number;
}

function completenessOf(document: Document): Completeness[] {
  return document.pages.flatMap((page) =>
    linesOf(page).flatMap((line): Completeness[] => {
      const fields = fieldsOf((COMPLETE_LINE.exec(line.text)?.[1] ?? '').replace(/\brows\b/i, 'count'));
      const [from, until] = [clearDay(fields?.get('from')), clearDay(fields?.get('to'))];
      const rows = Number(fields?.get('count') ?? 'none');
      const source = spanOf(page, line.start, line.end);
      if (from === null || until === null || source === null || !Number.isInteger(rows)) return [];
      return [{ source, window: { from, until }, rows }];
    }),
  );
}

/**
 * Counts over all logs of a packet. A log is complete for a window when it says so in a line such as
 * `Complete case log: from 2024-11-21; to 2026-11-20; rows 42`, and has that many rows.
 */
export function countCases(documents: readonly Document[], code: string, window: Window): CaseCount {
  const certain: SourceSpan[] = [];
  const possible: SourceSpan[] = [];
  let complete: SourceSpan | null = null;
  let contradicted: SourceSpan | null = null;
  const seen = new Set<string>();
  for (const document of documents) {
    const rows = rowsOf(document);
    for (const row of rows) {
      const isNamed = names(row.place, code);
      if (!isNamed && !HIDING_TOKEN.test(row.place)) continue;
      const date = readDate(row.date);
      if (date !== null && (date.latest < window.from || date.earliest > window.until)) continue;
      const isInside = date !== null && date.earliest >= window.from && date.latest <= window.until;
      const isOwn = !NOT_OWN_CASE.test(row.rest);
      const isCertain = isNamed && isInside && isOwn && !seen.has(row.key);
      (isCertain ? certain : possible).push(row.source);
      seen.add(row.key);
    }
    for (const claim of completenessOf(document)) {
      if (claim.rows !== rows.length) contradicted = claim.source;
      else if (claim.window.from <= window.from && claim.window.until >= window.until)
        complete = claim.source;
    }
  }
  return { certain, possible, complete, contradicted };
}
