/** What ISO 4217 and the languages' conventions say of a currency, as the runtime knows them. */

/** ISO 4217's code for a transaction in no currency: a sum whose currency can't be told. */
export const NO_CURRENCY = 'XXX';
/** Of most currencies, and of one that the runtime does not know. */
export const USUAL_MINOR_DIGITS = 2;
/** More than there are currencies; a code that is none comes from a text that anybody wrote. */
const REMEMBERED_MAX = 1_000;

/** Decimal places of a currency: 2 for NGN, 0 for XOF; null for a code that the runtime does not know. */
export const minorDigits = remembered((currency) => {
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return options.maximumFractionDigits ?? null;
});

/**
 * The sign of a currency where it is the reader's own: "₦", "$"; null for a code that the runtime does not know. British
 * English, because American English writes the dollar of the United States like anybody's own.
 */
export const ownCurrencySign = remembered((currency) => signOf(currency, 'narrowSymbol'));

/** As `ownCurrencySign`, where it is not: "US$". */
export const foreignCurrencySign = remembered((currency) => signOf(currency, 'symbol'));

function signOf(currency: string, currencyDisplay: 'narrowSymbol' | 'symbol'): string {
  const parts = new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency,
    currencyDisplay,
  }).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}

/** Each code is asked for once, because a formatter is slow to make; null for a malformed one. */
function remembered<Fact>(ask: (currency: string) => Fact): (currency: string) => Fact | null {
  const facts = new Map<string, Fact | null>();
  return (currency) => {
    const known = facts.get(currency);
    if (known !== undefined) return known;
    const fact = attempt(() => ask(currency));
    if (facts.size < REMEMBERED_MAX) facts.set(currency, fact);
    return fact;
  };
}

function attempt<Fact>(ask: () => Fact): Fact | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
