import { z } from 'zod';
import { ApiProblem } from '../problem';

/** How a column of a keyset is cast and checked. */
const CHECKS = {
  timestamptz: z.iso.datetime(),
  uuid: z.uuid(),
  bigint: z.string().regex(/^[0-9]{1,18}$/),
  text: z.string().max(300),
} as const;
export type KeysetType = keyof typeof CHECKS;

/** Writes the place after which the next page begins. Opaque to callers; which list it is of is part of it. */
export function writeCursor(list: string, place: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/** @throws ApiProblem `cursor_invalid` when it is not of this list */
export function readCursor(list: string, cursor: string, types: readonly KeysetType[]): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [of, ...place] = z.array(z.string()).parse(parsed);
    if (of === list && place.length === types.length) {
      return types.map((type, index) => CHECKS[type].parse(place[index]));
    }
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw new ApiProblem('cursor_invalid');
}
