import type { z } from 'zod';
import type { ErrorCode } from '../../contract/errors';
import { ApiProblem } from '../problem';

const ERRORS_MAX = 20;
/** Problems are logged by others: a key may be anything, also somebody's name, and is not said back. */
const UNKNOWN_MEMBER = 'It has a member that is not known here';
const ORDINARY_KEY = /^[a-zA-Z_][a-zA-Z0-9_.]{0,63}$|^\d{1,9}$/;

/**
 * Checks a value against its schema.
 * @param pointer JSON Pointer of the value in the request
 * @throws ApiProblem that says where it does not fit
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  pointer: string,
  code: ErrorCode = 'input_invalid',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, ERRORS_MAX).map((issue) => ({
    pointer: [pointer, ...issue.path.map((part) => sayable(String(part)))].join('/'),
    message: issue.code === 'unrecognized_keys' ? UNKNOWN_MEMBER : issue.message,
  }));
  throw new ApiProblem(code, { errors });
}

function sayable(part: string): string {
  return ORDINARY_KEY.test(part) ? part : '*';
}
