import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors';

/** The codes of the catalogue, for the schema and the docs. */
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** What a conflict shows: where the thing is now. No content. */
export const present = z.record(z.string(), z.unknown()).meta({
  description:
    'What is there now; for a gate its version, hash, outcome and the decision and person that won',
});

/** An error (RFC 9457), sent as application/problem+json. */
export const problem = z
  .object({
    type: z.string().meta({ description: 'Stable URI of the code' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(ERROR_CODES),
    retryable: z.boolean().meta({ description: 'Whether the same request may succeed later, unchanged' }),
    /** Where in the request it is wrong: JSON Pointer and what is expected. */
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
    evals: z
      .array(z.object({ name: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'The evals that block an edit' }),
    now: present.optional(),
    changed: z
      .array(z.string())
      .optional()
      .meta({ description: 'Names of what has changed since it was seen' }),
    run_id: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
