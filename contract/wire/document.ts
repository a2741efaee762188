import { z } from 'zod';
import { DOCUMENT_BYTES_MAX, DOCUMENT_MEDIA_TYPES, DOCUMENT_SOURCE_TYPES } from '../document';
import { id, instant, listQuery, natural64, sha256, text } from './primitives';

/** How many characters base64 takes for the largest document. */
const BASE64_MAX = Math.ceil(DOCUMENT_BYTES_MAX / 3) * 4 + 4;

/**
 * What runs of the tenant may be shown passages of: a document that was added, the summary of a conversation
 * (`convo_summary`), a fact that a person confirmed (`memory`), or shared knowledge, which names its public source.
 */
export const document = z
  .object({
    id,
    source_type: z.enum(DOCUMENT_SOURCE_TYPES),
    shared: z.boolean().meta({ description: "The platform's, for every tenant" }),
    title: z.string().nullable().meta({ description: 'Null for those who may not read content' }),
    publisher: z.string().nullable(),
    address: z.string().nullable().meta({ description: 'Where a shared fact stands in public' }),
    media_type: z.enum(DOCUMENT_MEDIA_TYPES),
    size_bytes: natural64,
    hash: sha256.meta({ description: 'SHA-256 of a salt and the bytes' }),
    state: z.enum(['pending', 'ready', 'refused']),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Why it was refused; of a pending one, what it waits for' }),
    pages: z.int().nullable(),
    characters: natural64.nullable().meta({ description: 'UTF-16 units' }),
    passages: z.int().nullable(),
    model: z.string().nullable().meta({
      description:
        'What its passages are embedded by. `hashed-features-1` is no language model: texts are near when they share words',
    }),
    calls: natural64.meta({ description: 'Model calls for its passages' }),
    cost_nano_usd: natural64,
    added_by: id.nullable(),
    created_at: instant,
    changed_at: instant,
  })
  .meta({ id: 'Document' });
export type Document = z.infer<typeof document>;

export const documentQuery = listQuery.extend({
  source_type: z.enum(DOCUMENT_SOURCE_TYPES).optional(),
  shared: z.enum(['true', 'false']).default('false').meta({ description: 'true: the shared knowledge' }),
});

export const documentRequest = z
  .strictObject({
    source_type: z.enum(['document', 'convo_summary']).default('document').meta({
      description: 'The summary of a conversation is text, and is kept, found and deleted as a document is',
    }),
    title: text(200).regex(/[\p{L}\p{N}]/u),
    media_type: text(100).meta({ description: DOCUMENT_MEDIA_TYPES.join(' or ') }),
    content: z
      .string()
      .min(1)
      .max(BASE64_MAX)
      .meta({ description: 'Base64 of the bytes, of which there may be 10 MB', format: 'byte' }),
  })
  .meta({ id: 'DocumentRequest' });

/** A passage, and where it stands: what a `passage_id` among the sources of a proposal names. */
export const passage = z
  .object({
    id,
    document_id: id,
    source_type: z.enum(DOCUMENT_SOURCE_TYPES),
    shared: z.boolean(),
    title: z.string(),
    publisher: z.string().nullable(),
    address: z.string().nullable(),
    page: z.int().meta({ description: 'From 1' }),
    start: z.int().meta({ description: 'UTF-16 units in the page' }),
    end: z.int().meta({ description: 'Exclusive' }),
    text: z.string(),
  })
  .meta({ id: 'Passage' });
export type PassageShown = z.infer<typeof passage>;
