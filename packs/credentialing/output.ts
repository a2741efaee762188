/** The answer of a model, narrowed to one record type of this pack. */
import { z } from 'zod';
import type { ModelOutput } from '../../contract/pack';

export const permille = z.int().min(0).max(1000);

/** A span that supports a claim: a fact by its receipt, or a page by characters (UTF-16 units) with the words there. */
export const sourceSpan = z.strictObject({
  field: z.string().min(1).max(200).optional(),
  passage_id: z.string().min(1).max(100).optional(),
  receipt_id: z.string().min(1).max(100).optional(),
  page: z.int().min(1).max(10_000).optional(),
  start: z.int().min(0).optional(),
  end: z.int().min(0).optional(),
  quote: z.string().min(1).max(20_000).optional(),
});

/**
 * Builds the output schema of a purpose.
 * @param recordType the one record type that the purpose proposes
 * @param payload the record type's draft schema
 * @param proposalsMax how many proposals an answer may have
 */
export function outputOf(
  recordType: string,
  payload: z.ZodType<Record<string, unknown>>,
  proposalsMax: number,
): z.ZodType<ModelOutput> {
  return z.strictObject({
    proposals: z
      .array(
        z.strictObject({
          record_type: z.literal(recordType),
          payload,
          confidence_permille: permille,
          sources: z.array(sourceSpan).max(5_000),
          missing: z.array(z.string().min(1).max(100)).max(50),
        }),
      )
      .max(proposalsMax),
    confidence_permille: permille,
    confidence_origin: z.string().min(1).max(300),
  });
}
