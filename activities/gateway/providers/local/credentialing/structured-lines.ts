/**
 * Passages of exact form, one fact to a line, such as
 *
 *     Licence: state OR; number FICTION-0001; status active; expires 2027-12-31
 *     Board certification: board Sample Board of Surgery; status certified; valid until 2028-06-30
 *     Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 31
 *     Reference: referee Dr. Ada Sample; received 2026-10-02; recommends yes
 *     Reference total: count 2; complete yes; as of 2026-11-20
 *     Sanction search: list Sample Exclusion List; searched 2026-11-10; result clear
 *
 * A line of another form states nothing here.
 */
import { spanOf, type Evidence } from './evidence';
import { statementOfFields, type StatementKind } from './statements';
import type { Page } from './user-document';

const HEADINGS: ReadonlyMap<string, StatementKind> = new Map([
  ['licence', 'licence'],
  ['license', 'licence'],
  ['board certification', 'board_certification'],
  ['case total', 'case_volume'],
  ['reference', 'reference'],
  ['reference total', 'reference_count'],
  ['sanction search', 'sanction_search'],
]);

const FIELD =
  /^(state|number|status|expires|valid until|board|code|procedure code|from|to|until|cases|count|referee|received|date|recommends|complete|as of|list|searched|result)\s*:?\s+(\S.*)$/i;

/** Splits the part after the heading into named fields. Null when a part is not a field, or one comes twice. */
export function fieldsOf(text: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (const part of text.split(';')) {
    const match = FIELD.exec(part.trim());
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined || fields.has(name)) return null;
    fields.set(name, match[2]?.trim() ?? '');
  }
  return fields;
}

/** The lines of a page with their offsets in it (UTF-16 units). */
export function linesOf(
  page: Page,
): { readonly text: string; readonly start: number; readonly end: number }[] {
  const lines: { text: string; start: number; end: number }[] = [];
  let start = 0;
  for (const text of page.text.split('\n')) {
    lines.push({ text, start, end: start + text.length });
    start += text.length + 1;
  }
  return lines;
}

/** The statements of a page's structured lines. */
export function evidenceOfLines(page: Page): Evidence[] {
  return linesOf(page).flatMap((line): Evidence[] => {
    const match = /^\s*([A-Za-z]+(?: [a-z]+)?)\s*:\s*(\S.*)$/.exec(line.text);
    const kind = HEADINGS.get(match?.[1]?.toLowerCase() ?? '');
    const fields = fieldsOf(match?.[2] ?? '');
    if (kind === undefined || fields === null) return [];
    const statement = statementOfFields(kind, fields);
    const source = spanOf(page, line.start, line.end);
    if (statement === null || source === null) return [];
    return [{ basis: 'text', statement, source, trustRecordId: null }];
  });
}
