import { defineRecordType } from '../../../contract/pack';
import { count, isoDate, label, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { onDay, stillOpen, text, within } from '../wording';

const schemas = recordSchemas(
  { count, occurred_on: isoDate },
  { species: label, place: label, cause: label },
);

/** Animals that died. Destructive: it takes stock off the books for good. */
export const mortality = defineRecordType({
  name: 'mortality',
  version: 1,
  class: 'destructive',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) => {
      const dead = [text(payload, 'count'), 'dead', text(payload, 'species') ?? 'animals'];
      const what = dead.filter((word) => word !== undefined).join(' ');
      const cause = text(payload, 'cause');
      const because = cause === undefined ? '' : ` (cause: ${cause})`;
      return `Record ${what}${within(payload)}${onDay(payload)}${because}?${stillOpen(payload, schemas.requiredFields)}`;
    },
    ifApproved: 'The deaths are written to the records of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
