/** Where a command's answer goes: a table for people, one JSON document for programs. */
export interface Output {
  readonly isJson: boolean;
  line(text: string): void;
}

type Cell = string | number | boolean | null | undefined;

const GAP = '  ';
const CELL_LENGTH_MAX = 80;

/** Prints an answer: as it came for programs, else as the given lines. */
export function show(output: Output, answer: unknown, lines: () => readonly string[]): void {
  if (output.isJson) output.line(JSON.stringify(answer ?? null, undefined, 2));
  else for (const line of lines()) output.line(line);
}

/** Rows under the names of their columns. Cells are one line each, so that a note can't draw a table of its own. */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  if (rows.length === 0) return ['None.'];
  const cells = [columns, ...rows.map((row) => row.map(cell))];
  const widths = columns.map((_name, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Names beside their values; what is null or undefined is left out. */
export function fields(pairs: readonly (readonly [string, Cell])[]): string[] {
  const present = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present.map(([name, value]) => `${name.padEnd(width)}${GAP}${oneLine(String(value))}`);
}

/** All that an answer has, one property a line, with JSON where it is more than one value. */
export function properties(answer: Readonly<Record<string, unknown>>): string[] {
  return fields(
    Object.entries(answer).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell),
    ]),
  );
}

/** JSON that a person reads, set in. */
export function indented(value: unknown): string[] {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => `  ${oneLine(line)}`);
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '-';
  const text = oneLine(String(value));
  return text.length > CELL_LENGTH_MAX ? `${text.slice(0, CELL_LENGTH_MAX - 1)}…` : text;
}

/** Without control characters: what people wrote must not move the terminal's cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
