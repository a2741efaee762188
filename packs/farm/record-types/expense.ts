import { defineRecordType } from '../../../contract/pack';
import { currency, isoDate, label, minorAmount, quantity, recordSchemas, unit } from '../fields';
import { farmGate } from '../gate';
import { goods, money, stillOpen, text } from '../wording';

const schemas = recordSchemas(
  { item: label, total_minor: minorAmount, currency, occurred_on: isoDate },
  { quantity, unit, supplier: label },
);

/** Money that the farm spent. */
export const expense = defineRecordType({
  name: 'expense',
  version: 1,
  class: 'financial',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  amount: { field: 'total_minor', currencyField: 'currency' },
  gate: farmGate({
    question: (payload, tenant) => {
      const minor = text(payload, 'total_minor');
      const sum =
        minor === undefined
          ? ''
          : ` of ${money(minor, text(payload, 'currency') ?? tenant.currency, tenant)}`;
      const what = goods(payload, 'item', 'goods or services');
      return `Record an expense${sum} for ${what}?${stillOpen(payload, schemas.requiredFields)}`;
    },
    ifApproved: 'The expense is written to the books of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
