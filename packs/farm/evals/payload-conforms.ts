import { defineEval } from '../../../contract/pack';
import { verdict } from './context';

/** The payload has the fields of its record type and no others, each in its form. */
export const payloadConforms = defineEval({
  name: 'farm.payload_conforms',
  version: 1,
  evaluate: (context) =>
    verdict(
      context.recordType === undefined ||
        context.recordType.draft.safeParse(context.proposal.payload).success,
      'block',
      'A field of the proposal is not of the form that the record type demands.',
    ),
});
