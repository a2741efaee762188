import type { Purpose } from '../contract/pack';
import type { Transaction } from '../db/transaction';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The member whom a run is about, who then holds no seat of its gates: named by the purpose's `subjectField`. */
export async function runSubject(
  transaction: Transaction,
  purpose: Purpose | undefined,
  input: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  const named = purpose?.subjectField === undefined ? undefined : valueAt(input, purpose.subjectField);
  if (typeof named !== 'string' || !UUID.test(named)) return null;
  const members = await transaction.rows<{ user_id: string }>(
    'select user_id from app.members where user_id = $1::uuid',
    [named],
  );
  return members[0]?.user_id ?? null;
}

function valueAt(input: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = input;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}
