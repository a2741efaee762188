import { defineRecordType } from '../../../contract/pack';
import { isoDate, prose, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { stillOpen, text } from '../wording';

const schemas = recordSchemas({ text: prose, occurred_on: isoDate }, {});

/** Something that happened on the farm and that fits no other type. */
export const note = defineRecordType({
  name: 'note',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) =>
      `Keep the note “${text(payload, 'text') ?? ''}”?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The note is kept in the diary of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
