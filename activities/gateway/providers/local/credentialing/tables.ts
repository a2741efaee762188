/**
 * Tables in a page's text: a header line and rows, cells divided by `|`. Columns are known by their headings; a table
 * whose headings say nothing that this check knows is left alone.
 */
import { spanOf, type Evidence } from './evidence';
import { statementOfFields, type Fields, type StatementKind } from './statements';
import { linesOf } from './structured-lines';
import type { SourceSpan } from '../../../../../contract/pack';
import type { Page } from './user-document';

/** What headings mean, by the names that `statements.ts` uses. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ['date', 'date'],
  ['date of procedure', 'date'],
  ['procedure date', 'date'],
  ['case', 'case'],
  ['case no', 'case'],
  ['code', 'code'],
  ['procedure code', 'code'],
  ['procedure', 'procedure'],
  ['role', 'role'],
  ['remarks', 'remarks'],
  ['board', 'board'],
  ['certifying board', 'board'],
  ['status', 'status'],
  ['state', 'state'],
  ['valid until', 'valid until'],
  ['expires', 'expires'],
  ['expiry', 'expires'],
  ['from', 'from'],
  ['to', 'to'],
  ['until', 'until'],
  ['cases', 'cases'],
  ['list', 'list'],
  ['searched', 'searched'],
  ['result', 'result'],
  ['referee', 'referee'],
  ['received', 'received'],
  ['recommends', 'recommends'],
]);

export interface TableRow {
  readonly fields: Fields;
  readonly source: SourceSpan;
  /** The row's cells in one form, to find a row that stands twice. */
  readonly key: string;
}

function cellsOf(line: string): string[] | null {
  if (!line.includes('|')) return null;
  const inner = line.trim().replace(/^\||\|$/g, '');
  return inner.split('|').map((cell) => cell.trim());
}

function headerOf(cells: readonly string[]): (string | null)[] | null {
  const names = cells.map(
    (cell) => COLUMNS.get(cell.toLowerCase().replace(/[.:]/g, '').replace(/\s+/g, ' ').trim()) ?? null,
  );
  const known = names.filter((name) => name !== null);
  return known.length >= 2 && new Set(known).size === known.length ? names : null;
}

function isRule(cells: readonly string[]): boolean {
  return cells.every((cell) => /^:?-*:?$/.test(cell));
}

function rowOf(
  page: Page,
  header: readonly (string | null)[],
  cells: readonly string[],
  start: number,
  end: number,
) {
  const source = spanOf(page, start, end);
  // A row with more or fewer cells than headings can't be read by its columns.
  if (source === null || cells.length !== header.length) return null;
  const fields = new Map<string, string>();
  header.forEach((name, index) => {
    if (name !== null) fields.set(name, cells[index] ?? '');
  });
  return { fields, source, key: cells.join('|').toLowerCase().replace(/\s+/g, ' ') };
}

const FURNITURE = /^\s*(?:page\b|continued\b|-+\s*$)/i;

/**
 * A document's rows: a table may go on over several pages under one header. Words between rows end it, for they may
 * begin something else; blank lines, page numbers and lines that stood on an earlier page already do not.
 */
export function tableRowsOf(pages: readonly Page[]): TableRow[] {
  const rows: TableRow[] = [];
  const earlierLines = new Set<string>();
  let header: (string | null)[] | null = null;
  for (const page of pages) {
    const lines = linesOf(page);
    for (const line of lines) {
      const cells = cellsOf(line.text);
      const words = line.text.trim();
      if (cells === null) {
        if (words !== '' && !FURNITURE.test(words) && !earlierLines.has(words)) header = null;
        continue;
      }
      if (isRule(cells)) continue;
      const found = headerOf(cells);
      header = found ?? header;
      const row = found !== null || header === null ? null : rowOf(page, header, cells, line.start, line.end);
      if (row !== null) rows.push(row);
    }
    for (const line of lines) earlierLines.add(line.text.trim());
  }
  return rows;
}

function kindOf(fields: Fields): StatementKind | null {
  if (fields.has('board')) return 'board_certification';
  if (fields.has('list') && fields.has('result')) return 'sanction_search';
  if (fields.has('referee') && fields.has('recommends')) return 'reference';
  if (fields.has('code') && fields.has('cases')) return 'case_volume';
  return fields.has('state') && fields.has('status') ? 'licence' : null;
}

/** The statements of a document's tables. Rows of case logs state single cases and are not among them. */
export function evidenceOfTables(pages: readonly Page[]): Evidence[] {
  return tableRowsOf(pages).flatMap((row): Evidence[] => {
    const kind = kindOf(row.fields);
    const statement = kind === null ? null : statementOfFields(kind, row.fields);
    if (statement === null) return [];
    return [{ basis: 'text', statement, source: row.source, trustRecordId: null }];
  });
}
