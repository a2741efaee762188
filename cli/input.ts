import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { UsageError } from './exit-codes';

interface InputOptions {
  readonly input?: string;
  readonly set: readonly string[];
}

/**
 * The input of a run: a JSON file or stdin, with fields set on top. `occurred_at` is now where the purpose asks for it and
 * nobody said when it was.
 */
export async function readInput(
  { input, set }: InputOptions,
  schema: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const value: Record<string, unknown> = input === undefined ? {} : await readJson(input);
  for (const pair of set) {
    const split = pair.indexOf('=');
    if (split < 1) throw new UsageError(`--set takes name=value, not ${JSON.stringify(pair)}.`);
    value[pair.slice(0, split)] = pair.slice(split + 1);
  }
  const properties = schema.properties;
  const asksWhen = typeof properties === 'object' && properties !== null && 'occurred_at' in properties;
  return asksWhen && value.occurred_at === undefined
    ? { ...value, occurred_at: new Date().toISOString() }
    : value;
}

/** A JSON object in a file, or on stdin by `-`. @throws UsageError */
export async function readJson(file: string): Promise<Record<string, unknown>> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${file === '-' ? 'What came on stdin' : file} is no JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('The JSON must be an object.');
  return { ...value };
}

/** A text in a file, or on stdin by `-`. @throws UsageError */
export async function readText(file: string): Promise<string> {
  return file === '-' ? await readAll(process.stdin) : readFile(file);
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} can't be read.`);
  }
}
