import { defineRecordType } from '../../../contract/pack';
import { isoDate, label, recordSchemas } from '../fields';
import { farmGate } from '../gate';
import { day, stillOpen, text } from '../wording';

const schemas = recordSchemas({ title: label }, { due_on: isoDate });

/** Something that is still to be done. */
export const task = defineRecordType({
  name: 'task',
  version: 1,
  class: 'routine',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  gate: farmGate({
    question: (payload) => {
      const due = text(payload, 'due_on');
      const by = due === undefined ? '' : ` by ${day(due)}`;
      return `Add the task “${text(payload, 'title') ?? ''}”${by}?${stillOpen(payload, schemas.requiredFields)}`;
    },
    ifApproved: 'The task is added to the list of the farm.',
    ifRejected: 'Nothing is added, and the draft is discarded.',
  }),
});
