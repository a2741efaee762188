import { defineRecordType } from '../../../contract/pack';
import { count, isoDate, label, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { onDay, stillOpen, text, within } from '../wording';

const schemas = recordSchemas(
  { average_grams: count, occurred_on: isoDate },
  { sample_count: count, place: label },
);

/** Average live weight of a sample, in grams. */
export const weight = defineRecordType({
  name: 'weight',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) => {
      const grams = text(payload, 'average_grams');
      const sample = text(payload, 'sample_count');
      const average = grams === undefined ? 'an average weight' : `an average weight of ${grams} g`;
      const of = sample === undefined ? '' : ` over ${sample} animals`;
      return `Record ${average}${of}${within(payload)}${onDay(payload)}?${stillOpen(payload, schemas.requiredFields)}`;
    },
    ifApproved: 'The weight is written to the records of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
