/**
 * Reads a prompt's user document, `{"purpose", "tenant", "input", "passages"}`. Fields may have been dropped or replaced
 * by tokens on the way here, so everything is read leniently: what has not its shape is left out, and nothing throws.
 */
import { z } from 'zod';
import { readDate } from './dates';

const words = z.string().catch('');
const list = z.array(z.unknown()).catch([]);

const head = { code: z.string().min(1), label: words };
const counted = z.int().min(1).max(100_000);

const criterion = z.discriminatedUnion('kind', [
  z.object({ ...head, kind: z.literal('licence_active'), state: z.string() }),
  z.object({ ...head, kind: z.literal('board_certified'), board: z.string() }),
  z.object({
    ...head,
    kind: z.literal('case_volume'),
    procedure_code: z.string().min(1),
    count_min: counted,
    months: z.int().min(1).max(1_200),
  }),
  z.object({
    ...head,
    kind: z.literal('references'),
    count_min: counted,
    months: z.int().min(1).max(1_200).optional(),
  }),
  z.object({
    ...head,
    kind: z.literal('no_open_sanction'),
    months: z.int().min(1).max(1_200).optional(),
  }),
]);

/** A criterion whose kind or values this check does not know stays open. */
const unreadable = z.object(head).transform((one) => ({ ...one, kind: 'unreadable' as const }));
export type Criterion = z.infer<typeof criterion> | z.infer<typeof unreadable>;

const factHead = {
  trust_record_id: z.string().min(1),
  tier: z.number(),
  verified_until: z.string().optional().catch(undefined),
  receipt_id: z.string().min(1).optional().catch(undefined),
};
const optionalText = z.string().optional().catch(undefined);

const fact = z.discriminatedUnion('kind', [
  z.object({
    ...factHead,
    kind: z.literal('licence'),
    value: z.object({ state: z.string(), status: z.string(), expires_on: optionalText }),
  }),
  z.object({
    ...factHead,
    kind: z.literal('board_certification'),
    value: z.object({ board: z.string(), status: z.string(), expires_on: optionalText }),
  }),
  z.object({
    ...factHead,
    kind: z.literal('case_volume'),
    value: z.object({
      procedure_code: z.string(),
      from: z.string(),
      until: z.string(),
      count: z.int().min(0),
    }),
  }),
  z.object({
    ...factHead,
    kind: z.literal('reference'),
    value: z.object({ referee: z.string(), received_on: z.string(), recommends: z.string() }),
  }),
  z.object({
    ...factHead,
    kind: z.literal('reference_count'),
    value: z.object({ count: z.int().min(0), until: z.string() }),
  }),
  z.object({
    ...factHead,
    kind: z.literal('sanction_search'),
    value: z.object({ list: z.string(), result: z.string(), searched_on: optionalText }),
  }),
]);

/** A fact with its index in the input, by which it is cited. */
export type Fact = z.infer<typeof fact> & { readonly index: number };

/** A page's text with the path by which it is cited. */
export interface Page {
  readonly field: string;
  readonly page: number;
  readonly text: string;
}

export interface Document {
  readonly title: string;
  readonly pages: readonly Page[];
}

export interface Packet {
  readonly subjectId: string;
  readonly subjectName: string;
  readonly privilegeCode: string;
  readonly privilegeTitle: string;
  /** `YYYY-MM-DD`; null when it is not stated as a day, and then nothing can be settled. */
  readonly asOf: string | null;
  readonly criteria: readonly Criterion[];
  readonly facts: readonly Fact[];
  readonly documents: readonly Document[];
}

const envelope = z.object({ input: z.record(z.string(), z.unknown()) });
const page = z.object({ page: z.int().min(1), text: z.string() });
const person = z.object({ id: words, name: words }).catch({ id: '', name: '' });
const privilege = z.object({ code: words, title: words }).catch({ code: '', title: '' });

/** The document's `input` as plain JSON: the prompt's text is parsed, an object is copied. Null when it is neither. */
function inputOf(userDocument: unknown): Record<string, unknown> | null {
  try {
    const text = typeof userDocument === 'string' ? userDocument : JSON.stringify(userDocument);
    const parsed = envelope.safeParse(JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.data.input : null;
  } catch {
    // Not JSON: there is nothing to read, which the empty answer says.
    return null;
  }
}

function readDocument(value: unknown, field: string): Document {
  const parsed = z.object({ title: words, pages: list }).safeParse(value);
  if (!parsed.success) return { title: '', pages: [] };
  const pages = parsed.data.pages.flatMap((one, index) => {
    const read = page.safeParse(one);
    return read.success ? [{ ...read.data, field: `${field}.pages[${index}].text` }] : [];
  });
  return { title: parsed.data.title, pages };
}

/** Reads a privileging packet. Null when the document has no input at all. */
export function readPacket(userDocument: unknown): Packet | null {
  const input = inputOf(userDocument);
  if (input === null) return null;
  const subject = person.parse(input['subject']);
  const asked = privilege.parse(input['privilege']);
  const asOf = readDate(words.parse(input['as_of']));
  return {
    subjectId: subject.id,
    subjectName: subject.name,
    privilegeCode: asked.code,
    privilegeTitle: asked.title,
    asOf: asOf !== null && asOf.earliest === asOf.latest ? asOf.earliest : null,
    criteria: list.parse(input['criteria']).flatMap((one): Criterion[] => {
      const read = z.union([criterion, unreadable]).safeParse(one);
      return read.success ? [read.data] : [];
    }),
    facts: list.parse(input['facts']).flatMap((one, index): Fact[] => {
      const read = fact.safeParse(one);
      return read.success ? [{ ...read.data, index }] : [];
    }),
    documents: list.parse(input['documents']).map((one, index) => readDocument(one, `documents[${index}]`)),
  };
}

/** Reads the one document of an extraction, and whom it is about. Null when the document has no input at all. */
export function readSingleDocument(
  userDocument: unknown,
): { readonly subjectId: string; readonly subjectName: string; readonly document: Document } | null {
  const input = inputOf(userDocument);
  if (input === null) return null;
  const subject = person.parse(input['subject']);
  return {
    subjectId: subject.id,
    subjectName: subject.name,
    document: readDocument(input['document'], 'document'),
  };
}
