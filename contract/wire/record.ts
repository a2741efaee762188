import { z } from 'zod';
import { id, instant, jsonObject, listQuery, sha256, text } from './primitives';

/** What a decision wrote. `payload` is null for those who may not read content. */
export const record = z
  .object({
    id,
    decision_id: id,
    gate_id: id,
    run_id: id,
    proposal_id: id,
    record_type: z.string(),
    payload: jsonObject.nullable(),
    content_id: id,
    content_hash: sha256,
    written_at: instant,
    corrects: id.nullable().meta({ description: 'The record that this one stands for' }),
    undoes: id.nullable().meta({ description: 'The record that counts no longer because of this one' }),
    corrected_by: id.nullable(),
    undone_by: id.nullable(),
  })
  .meta({ id: 'Record' });
export type RecordWritten = z.infer<typeof record>;

export const recordQuery = listQuery.extend({
  record_type: z.string().max(60).optional(),
  run_id: id.optional(),
  standing: z.literal('true').optional().meta({
    description: 'Only what counts now: neither corrected nor undone, and no undoing',
  }),
});

/** The whole record as it shall be, and why. */
export const correctRequest = z
  .strictObject({ payload: jsonObject, reason: text(4000) })
  .meta({ id: 'CorrectRequest' });

export const undoRequest = z.strictObject({ reason: text(4000) }).meta({ id: 'UndoRequest' });

/** One content, as an auditor reads it; the reading is an event. */
export const contentRead = z
  .object({
    id,
    kind: z.string(),
    text: z.string(),
    salt: sha256,
    commitment: sha256.meta({ description: 'SHA-256 of salt and text' }),
  })
  .meta({ id: 'ContentRead' });
export type ContentRead = z.infer<typeof contentRead>;
