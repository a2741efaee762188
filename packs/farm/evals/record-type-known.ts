import { defineEval } from '../../../contract/pack';
import { verdict } from './context';

/** The proposal names a record type that the purpose may propose. */
export const recordTypeKnown = defineEval({
  name: 'farm.record_type_known',
  version: 1,
  evaluate: (context) =>
    verdict(
      context.recordType !== undefined && context.recordType.name === context.proposal.record_type,
      'block',
      'The record type is not known to this purpose.',
    ),
});
