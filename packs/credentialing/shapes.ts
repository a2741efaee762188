/** Shapes that the purposes of this pack share: the person, criteria, facts by trust record, documents by page. */
import { z } from 'zod';

/** A calendar date, `YYYY-MM-DD`. */
export const calendarDate = z.iso.date();

/** A code of the tenant, e.g. `GS-214`: no spaces, so that it can't hold a name in words. */
const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** A two-letter state. */
const state = z.string().regex(/^[A-Z]{2}$/);

/** The name of an institution or list. It leaves the perimeter as it is, so digits are not allowed in it. */
const institution = z
  .string()
  .max(120)
  .regex(/^[A-Za-z][A-Za-z ,&()/'-]*$/);

const count = z.int().min(0).max(100_000);

/** The person whom a run is about. `user_id` is set when that person is a user: then they hold no seat. */
export const subject = z.strictObject({
  id: z.string().min(1).max(100),
  user_id: z.string().min(1).max(100).optional(),
  name: z.string().min(1).max(200),
  specialty: institution.optional(),
});

const criterionHead = { code, label: z.string().min(1).max(200) };

/** The five kinds of criterion, as data. `months` counts back from the packet's `as_of`. */
export const criterion = z.discriminatedUnion('kind', [
  z.strictObject({ ...criterionHead, kind: z.literal('licence_active'), state }),
  z.strictObject({ ...criterionHead, kind: z.literal('board_certified'), board: institution }),
  z.strictObject({
    ...criterionHead,
    kind: z.literal('case_volume'),
    procedure_code: code,
    count_min: z.int().min(1).max(200),
    months: z.int().min(1).max(120),
  }),
  z.strictObject({
    ...criterionHead,
    kind: z.literal('references'),
    count_min: z.int().min(1).max(20),
    months: z.int().min(1).max(120).optional(),
  }),
  z.strictObject({
    ...criterionHead,
    kind: z.literal('no_open_sanction'),
    /** How old a search on paper may be; without it only verified facts settle the criterion. */
    months: z.int().min(1).max(120).optional(),
  }),
]);
export type Criterion = z.infer<typeof criterion>;

/** The values that a fact may have, by kind. All counts are of the subject's own work. */
export const factValues = {
  licence: z.strictObject({
    state,
    number: z.string().max(40).optional(),
    status: z.enum(['active', 'inactive', 'expired', 'suspended', 'revoked', 'surrendered']),
    expires_on: calendarDate.optional(),
  }),
  board_certification: z.strictObject({
    board: institution,
    status: z.enum(['certified', 'not_certified', 'expired', 'revoked']),
    expires_on: calendarDate.optional(),
  }),
  case_volume: z.strictObject({ procedure_code: code, from: calendarDate, until: calendarDate, count }),
  reference: z.strictObject({
    referee: z.string().min(1).max(200),
    received_on: calendarDate,
    recommends: z.enum(['yes', 'no', 'unclear']),
  }),
  reference_count: z.strictObject({ count, until: calendarDate }),
  sanction_search: z.strictObject({
    list: institution,
    result: z.enum(['clear', 'open', 'closed']),
    searched_on: calendarDate,
  }),
} as const;
export type FactKind = keyof typeof factValues;

/** Tier and `verified_until` are the trust record's at the time of the request; a tier of 4 or 5 names its receipt. */
const factHead = {
  trust_record_id: z.uuid(),
  tier: z.int().min(1).max(5),
  verified_until: z.union([calendarDate, z.iso.datetime({ offset: true })]).optional(),
  receipt_id: z.uuid().optional(),
};

/** A fact about the subject, as its trust record states it. */
export const fact = z.discriminatedUnion('kind', [
  z.strictObject({ ...factHead, kind: z.literal('licence'), value: factValues.licence }),
  z.strictObject({
    ...factHead,
    kind: z.literal('board_certification'),
    value: factValues.board_certification,
  }),
  z.strictObject({ ...factHead, kind: z.literal('case_volume'), value: factValues.case_volume }),
  z.strictObject({ ...factHead, kind: z.literal('reference'), value: factValues.reference }),
  z.strictObject({ ...factHead, kind: z.literal('reference_count'), value: factValues.reference_count }),
  z.strictObject({ ...factHead, kind: z.literal('sanction_search'), value: factValues.sanction_search }),
]);
export type Fact = z.infer<typeof fact>;

/** A document as text by page; pages are numbered as in the original. */
export const document = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  pages: z
    .array(z.strictObject({ page: z.int().min(1).max(10_000), text: z.string().max(20_000) }))
    .min(1)
    .max(60),
});

export const criteria = z
  .array(criterion)
  .min(1)
  .max(20)
  .refine((all) => new Set(all.map((one) => one.code)).size === all.length, 'criteria have distinct codes');
export const facts = z.array(fact).max(100);
export const documents = z.array(document).max(30);

/** `YYYY-MM-DD`, or what a document wrote before a person has put it into that form. */
export const dateAsRead = z.string().min(1).max(60);
