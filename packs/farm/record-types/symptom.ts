import { defineRecordType } from '../../../contract/pack';
import { count, isoDate, label, prose, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { onDay, stillOpen, text, within } from '../wording';

const schemas = recordSchemas(
  { description: prose, occurred_on: isoDate },
  { affected_count: count, place: label },
);

/** Signs of illness, as they were seen; never a diagnosis. */
export const symptom = defineRecordType({
  name: 'symptom',
  version: 1,
  class: 'clinical',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) => {
      const description = text(payload, 'description');
      const seen = description === undefined ? 'signs of illness' : `the symptom “${description}”`;
      const affected = text(payload, 'affected_count');
      const of = affected === undefined ? '' : `, ${affected} affected`;
      return `Record ${seen}${of}${within(payload)}${onDay(payload)}?${stillOpen(payload, schemas.requiredFields)}`;
    },
    ifApproved: 'The symptom is written to the health records of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
