import { defineRecordType } from '../../../contract/pack';
import { currency, isoDate, label, minorAmount, quantity, recordSchemas, unit } from '../fields';
import { farmGate } from '../gate';
import { forSum, goods, stillOpen } from '../wording';

const schemas = recordSchemas(
  { item: label, quantity, unit, total_minor: minorAmount, currency, occurred_on: isoDate },
  { unit_price_minor: minorAmount, buyer: label },
);

/** Goods of the farm that were sold, paid or on credit. */
export const sale = defineRecordType({
  name: 'sale',
  version: 1,
  class: 'financial',
  kind: 'draft',
  effect: 'record',
  ...schemas,
  amount: { field: 'total_minor', currencyField: 'currency' },
  gate: farmGate({
    question: (payload, tenant) =>
      `Record the sale of ${goods(payload, 'item', 'goods')}${forSum(payload, tenant)}?${stillOpen(payload, schemas.requiredFields)}`,
    ifApproved: 'The sale is written to the books of the farm.',
    ifRejected: 'Nothing is written, and the draft is discarded.',
  }),
});
