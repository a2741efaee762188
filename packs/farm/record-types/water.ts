import { defineRecordType } from '../../../contract/pack';
import { isoDate, label, quantity, recordSchemas, unit } from '../fields';
import { farmGate } from '../gate';
import { goods, onDay, stillOpen, within } from '../wording';

const schemas = recordSchemas({ quantity, unit, occurred_on: isoDate }, { place: label });

/** Water that animals drank or that went into a pond. */
export const water = defineRecordType({
  name: 'water',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) =>
      `Record ${goods({ ...payload, name: 'water' }, 'name', 'water')} used${within(payload)}${onDay(payload)}?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The water is written to the water log.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
