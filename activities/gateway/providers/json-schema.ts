/** From a purpose's output schema to the JSON Schema that forces a model's answer. */
import { z } from 'zod';

/**
 * JSON Schema (draft 2020-12) of what the model may send, before zod's own transforms and defaults. Throws a TypeError
 * for a schema that is not an object at its root (the vendors' tools take nothing else), and lets zod's own error pass
 * for one that JSON Schema cannot express or that refers to itself.
 */
export function answerJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const whole = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'throw',
    cycles: 'throw',
    reused: 'inline',
  });
  const { $schema: _dialect, ...answer } = whole;
  if (answer.type !== 'object') throw new TypeError('the output schema of a purpose must be an object');
  return JSON.parse(JSON.stringify(answer)) as Record<string, unknown>;
}
