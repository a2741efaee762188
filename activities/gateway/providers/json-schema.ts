/** From a purpose's output schema to the JSON Schema that forces a model's answer. */
import { z } from 'zod';

/** Purposes are few and their schemas never change; a call has no time to write its own out again. */
const bySchema = new WeakMap<z.ZodType, Readonly<Record<string, unknown>>>();

/**
 * JSON Schema (draft 2020-12) of what the model may send, before zod's own transforms and defaults. Throws a TypeError
 * for a schema that is not an object at its root (the vendors' tools take nothing else), and lets zod's own error pass
 * for one that JSON Schema cannot express or that refers to itself.
 */
export function answerJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const known = bySchema.get(schema);
  if (known !== undefined) return known;
  const made = makeJsonSchema(schema);
  bySchema.set(schema, made);
  return made;
}

function makeJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
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
