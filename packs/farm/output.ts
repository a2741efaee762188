/** The shape that every model of the farm's purposes answers with. */
import { z } from 'zod';
import type { ModelOutput } from '../../contract/pack';

export const sourceSpan = z.strictObject({
  field: z.string().max(100).optional(),
  passage_id: z.string().max(100).optional(),
  receipt_id: z.string().max(100).optional(),
  page: z.int().min(1).optional(),
  start: z.int().min(0).optional(),
  end: z.int().min(0).optional(),
  quote: z.string().max(1000).optional(),
});

/**
 * Confidence is left unbounded and the record type free here, so that an answer out of bounds is blocked by an eval with
 * its reason, and not lost as malformed.
 */
export const modelOutput: z.ZodType<ModelOutput> = z.strictObject({
  proposals: z
    .array(
      z.strictObject({
        record_type: z.string().max(100).describe('One of the record types named in the instructions'),
        payload: z
          .record(z.string(), z.unknown())
          .describe('Fields of the record; leave out what is not certain'),
        confidence_permille: z.number().describe('Whole number from 0 to 1000'),
        sources: z
          .array(sourceSpan)
          .max(20)
          .describe('Where in the input or the passages the record is stated'),
        missing: z.array(z.string().max(100)).max(20).describe('Names of the fields that were not certain'),
      }),
    )
    .max(20),
  confidence_permille: z.number().describe('Whole number from 0 to 1000, for the answer as a whole'),
  confidence_origin: z.string().max(300).describe('Where the confidence comes from, in a few words'),
});
