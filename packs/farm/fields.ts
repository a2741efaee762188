/** Field shapes of the farm's records, and the schemas of a record type made of them. */
import { z } from 'zod';

/** Money in minor units (kobo, cents) as a decimal digit string, above zero. */
export const minorAmount = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/)
  .describe('Minor units of the currency (kobo, cents) as digits, e.g. "4500000" for 45,000.00');

/** An exact decimal above zero with at most six places, as a string: "2.5". */
export const quantity = z
  .string()
  .regex(/^(?!0+(?:\.0+)?$)(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$/)
  .describe('Decimal string, e.g. "2.5"');

/** Singular and lower case; `piece` for what is counted one by one. */
export const unit = z
  .string()
  .min(1)
  .max(40)
  .describe('Singular, e.g. "bag", "crate", "litre", "kg", "dozen"; "piece" for what is counted one by one');

export const count = z.int().min(1).max(10_000_000);
export const isoDate = z.iso.date().describe('YYYY-MM-DD, the local day of the farm');
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('ISO 4217');

/** A name or a few words. */
export const label = z.string().trim().min(1).max(200);
export const prose = z.string().trim().min(1).max(4000);

type Shape = Readonly<Record<string, z.ZodType>>;

export interface RecordSchemas {
  readonly draft: z.ZodType<Record<string, unknown>>;
  readonly record: z.ZodType<Record<string, unknown>>;
  readonly requiredFields: readonly string[];
}

function open(shape: Shape): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullish()]));
}

/** A draft may leave any field open (absent or null); a record has every required one. Unknown fields are refused. */
export function recordSchemas(required: Shape, optional: Shape): RecordSchemas {
  return {
    draft: z.strictObject({ ...open(required), ...open(optional) }),
    record: z.strictObject({ ...required, ...open(optional) }),
    requiredFields: Object.keys(required),
  };
}
