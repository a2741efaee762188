import { defineEval } from '../../../contract/pack';
import { verdict } from './context';

function isPermille(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 1000;
}

/** Confidence is a whole number of per mille with a stated origin. */
export const confidenceInRange = defineEval({
  name: 'farm.confidence_in_range',
  version: 1,
  judges: 'reading',
  evaluate: ({ output, proposal }) =>
    verdict(
      isPermille(output.confidence_permille) &&
        isPermille(proposal.confidence_permille) &&
        output.confidence_origin.trim() !== '',
      'block',
      'The confidence is out of range or has no origin.',
    ),
});
