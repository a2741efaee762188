import { defineRecordType } from '../../../contract/pack';
import { prose, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { stillOpen, text } from '../wording';

const schemas = recordSchemas({ fact: prose }, {});

/** A lasting fact of the farm, such as "vaccinates on Mondays" or "Pond 3 is the nursery". */
export const memory = defineRecordType({
  name: 'memory',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'memory',
  ...schemas,
  gate: farmGate({
    question: (payload) =>
      `Remember “${text(payload, 'fact') ?? ''}”?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The fact is remembered and can be found by later runs.',
    ifRejected: 'Nothing is remembered.',
  }),
});
