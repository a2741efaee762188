import { z } from 'zod';
import { DISPOSITIONS, RECORD_CLASSES } from '../states';
import { instant, jsonObject, natural64, permille, role } from './primitives';

const modelRef = z.object({ vendor: z.string(), model: z.string(), region: z.string() });

/** A record type that a purpose may propose, and who decides about it. */
export const recordType = z
  .object({
    name: z.string(),
    class: z.enum(RECORD_CLASSES),
    kind: z.enum(['draft', 'recommendation']),
    effect: z.string(),
    required_fields: z.array(z.string()),
    role,
    seats: z.int(),
    separation: z.enum(['none', 'second_person', 'n_of_m']),
    rationale_rule: z.enum(['text', 'reason_code']),
    reason_codes: z.array(z.string()),
    dispositions: z.array(z.enum(DISPOSITIONS)),
    record_schema: jsonObject.meta({ description: 'JSON Schema of the record as it is written' }),
  })
  .meta({ id: 'RecordType' });

/** What runs are for: JSON Schema of the input, price, who decides, an example. */
export const purpose = z
  .object({
    name: z.string(),
    version: z.int(),
    title: z.string(),
    input_schema: jsonObject.meta({ description: 'JSON Schema of `input`' }),
    example: jsonObject,
    model: modelRef,
    advisor: modelRef.nullable(),
    max_input_tokens: natural64,
    max_output_tokens: natural64,
    price: z.object({ primary_credits: natural64, advisor_credits: natural64 }),
    confidence_threshold: permille,
    phi: z.boolean(),
    manual_record_type: z.string(),
    record_types: z.array(recordType),
    registered_at: instant,
  })
  .meta({ id: 'Purpose' });
export type Purpose = z.infer<typeof purpose>;
