import { defineRecordType } from '../../../contract/pack';
import { isoDate, label, quantity, recordSchemas, unit } from '../fields';
import { farmGate } from '../gate';
import { goods, onDay, stillOpen, within } from '../wording';

const schemas = recordSchemas({ quantity, unit, occurred_on: isoDate }, { feed: label, place: label });

/** Feed that was given to animals. */
export const feedUse = defineRecordType({
  name: 'feed_use',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) =>
      `Record ${goods(payload, 'feed', 'feed')} fed${within(payload)}${onDay(payload)}?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The feed is written to the feed log.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
