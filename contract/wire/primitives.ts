/** The small shapes that all others are made of. */
import { z } from 'zod';
import { ROLES } from '../states';

/** Ids are UUIDs, of version 7 where the database made them. */
export const id = z.uuid();

/** A time: RFC 3339 in UTC. */
export const instant = z.iso.datetime().meta({ description: 'RFC 3339, in UTC' });

/** A 64-bit integer as a string of digits: a JSON number would lose its last ones. */
export const integer64 = z
  .string()
  .regex(/^-?(0|[1-9][0-9]{0,18})$/)
  .meta({ description: '64-bit integer' });

export const natural64 = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})$/)
  .meta({ description: '64-bit integer, not negative' });

/** SHA-256 in lower-case hexadecimal digits. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const permille = z.int().min(0).max(1000).meta({ description: 'Per mille' });

/** A slug; the platform's own tenants have names between underscores. */
export const tenantId = z.string().regex(/^(?:[a-z][a-z0-9-]{1,62}|__platform__|__global__)$/);

export const role = z.enum(ROLES);

/** Content as JSON: an object of a pack's own shape. */
export const jsonObject = z.record(z.string(), z.unknown());

/** Text of people: a reason, a comment, a name. Without U+0000, which the database can't hold. */
export function text(lengthMax: number): z.ZodString {
  return z.string().min(1).max(lengthMax);
}

/** A page of a list. `next_cursor` is opaque; null on the last page. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** The query of every list. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
