import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setting } from '../environment/setting';
import { UsageError } from './exit-codes';
import { readJson } from './input';

type Payload = Readonly<Record<string, unknown>>;

/** Fields that hold amounts may be set by the name without their unit, in the tenant's own words: `total=₦46,000`. */
const UNITS = ['_minor', '_grams'];

/** A record with fields set to what was typed. @throws UsageError for a malformed pair */
export function withFields(payload: Payload | null, pairs: readonly string[]): Record<string, unknown> {
  const record: Record<string, unknown> = { ...payload };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--set takes field=value, not ${JSON.stringify(pair)}.`);
    const [field, text] = [pair.slice(0, at), pair.slice(at + 1)];
    const measured = UNITS.map((unit) => `${field}${unit}`).find((name) => name in record);
    if (measured !== undefined && !(field in record)) Reflect.deleteProperty(record, measured);
    record[field] = typed(record[field], text);
  }
  return record;
}

/** A typed value as the field has it: a number or yes and no where one stands there, nothing for nothing. */
function typed(before: unknown, text: string): unknown {
  if (typeof before === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof before === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** Lets the person change a record in their own editor. @throws UsageError when there is none, or what it leaves is no record */
export async function inEditor(record: Payload): Promise<Record<string, unknown>> {
  const editor = setting('EDITOR');
  if (editor === undefined) throw new UsageError('Set EDITOR to the editor that you want to use.');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  const file = join(folder, 'record.json');
  try {
    writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
    // Through a shell, because people set editors with their options; the file is no part of its text.
    const { status } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    if (status !== 0) throw new UsageError('The editor was left without saving.');
    return await readJson(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
