import { defineEval } from '../../../contract/pack';
import { field, givenText, verdict } from './context';
import { millionths, readings } from './readings';

const FIGURE_FIELDS = ['count', 'affected_count', 'sample_count', 'quantity'] as const;
const GRAMS_PER_KILOGRAM = 1000n;

/** Every count, quantity and weight of the proposal is stated in the note. */
export const numbersOccur = defineEval({
  name: 'farm.numbers_occur',
  version: 1,
  judges: 'reading',
  evaluate: (context) => {
    const stated = readings(givenText(context));
    const occurs = (value: string | undefined): boolean =>
      value === undefined || stated.has(millionths(value) ?? -1n);
    const grams = millionths(field(context, 'average_grams') ?? '');
    const weighs = grams === undefined || stated.has(grams) || stated.has(grams / GRAMS_PER_KILOGRAM);
    const holds = weighs && FIGURE_FIELDS.every((name) => occurs(field(context, name)));
    return verdict(holds, 'block', 'A number of the proposal does not occur in the input.');
  },
});
