import { minorDigits, USUAL_MINOR_DIGITS } from '../../../contract/currency';
import { defineEval } from '../../../contract/pack';
import { field, givenText, verdict } from './context';
import { millionths, readings } from './readings';

const MILLION = 1_000_000n;

/** Millionths of the major unit; undefined when the field is no digit string. */
function majorMillionths(minor: string, currency: string): bigint | undefined {
  return /^[0-9]{1,18}$/.test(minor)
    ? (BigInt(minor) * MILLION) / 10n ** BigInt(minorDigits(currency) ?? USUAL_MINOR_DIGITS)
    : undefined;
}

/** A sum of money is stated in the note, or is a stated unit price times a stated quantity. Anything else is invented. */
export const moneyOccurs = defineEval({
  name: 'farm.money_occurs',
  version: 1,
  judges: 'reading',
  evaluate: (context) => {
    const stated = readings(givenText(context));
    const currency = field(context, 'currency') ?? context.tenant.currency;
    const price = field(context, 'unit_price_minor');
    const total = field(context, 'total_minor');
    if (price !== undefined && !stated.has(majorMillionths(price, currency) ?? -1n)) {
      return verdict(false, 'block', 'The unit price does not occur in the input.');
    }
    const sum = total === undefined ? undefined : majorMillionths(total, currency);
    const quantity = millionths(field(context, 'quantity') ?? '');
    const isProduct = [...stated].some(
      (reading) => quantity !== undefined && reading * quantity === (sum ?? -1n) * MILLION,
    );
    const holds = total === undefined || (sum !== undefined && (stated.has(sum) || isProduct));
    return verdict(holds, 'block', 'The sum of money does not occur in the input.');
  },
});
