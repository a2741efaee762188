import type { z } from 'zod';
import type { ErrorCode } from '../../contract/errors';
import { ApiProblem } from '../problem';

const ERRORS_MAX = 20;

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
    pointer: [pointer, ...issue.path.map((part) => escapePointer(String(part)))].join('/'),
    message: issue.message,
  }));
  throw new ApiProblem(code, { errors });
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
