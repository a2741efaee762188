import type { Transaction } from '../../db/transaction';
import { readCursor, writeCursor, type KeysetType } from '../http/cursor';

/** A condition with one parameter, written as `$`; left out when the value is undefined. */
export interface Condition {
  readonly text: string;
  readonly value: unknown;
}

export interface Keyset {
  /** Names the list in its cursors. */
  readonly list: string;
  /** `select … from …`, without conditions. */
  readonly select: string;
  readonly conditions?: readonly Condition[];
  /** Columns that order the rows, the last of them unique. All ascend or all descend. */
  readonly order: readonly (readonly [column: string, type: KeysetType])[];
  readonly direction: 'asc' | 'desc';
}

export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/**
 * One page of a list by keyset: rows after the last one that the caller has seen, however many were added since.
 * @throws ApiProblem `cursor_invalid`
 */
export async function readPage<Row extends object>(
  transaction: Transaction,
  keyset: Keyset,
  paging: Paging,
): Promise<Page<Row>> {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const conditions = (keyset.conditions ?? [])
    .filter(({ value }) => value !== undefined)
    .map(({ text, value }) => text.replace('$', () => parameter(value)));
  const columns = keyset.order.map(([column]) => column);
  if (paging.cursor !== undefined) {
    const types = keyset.order.map(([, type]) => type);
    const place = readCursor(keyset.list, paging.cursor, types);
    const bounds = place.map((value, index) => `${parameter(value)}::${types[index]}`);
    conditions.push(
      `(${columns.join(', ')}) ${keyset.direction === 'asc' ? '>' : '<'} (${bounds.join(', ')})`,
    );
  }
  const rows = await transaction.rows<Row>(
    `${keyset.select}${conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''}
     order by ${columns.map((column) => `${column} ${keyset.direction}`).join(', ')}
     limit ${parameter(paging.limit + 1)}`,
    values,
  );
  const items = rows.slice(0, paging.limit);
  const last = items.at(-1) as Readonly<Record<string, unknown>> | undefined;
  const isMore = rows.length > paging.limit && last !== undefined;
  return {
    items,
    next_cursor: isMore
      ? writeCursor(
          keyset.list,
          columns.map((column) => String(last[column])),
        )
      : null,
  };
}

/** A page of what rows become. */
export function mapPage<Row, Item>(
  page: Page<Row>,
  toItem: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  return { items: page.items.map(toItem), next_cursor: page.next_cursor };
}

/** A 64-bit integer as JSON has it. */
export function digits(value: bigint): string {
  return value.toString();
}

export function digitsOrNull(value: bigint | null): string | null {
  return value === null ? null : value.toString();
}
