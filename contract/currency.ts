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

/**
 * Money in words of a reader whose own currency is `own`: "₦45,000.00". `minor` is a digit string of minor units; digits only,
 * no floats. The reader's own currency shows its short sign, any other the unmistakable one ("US$120.00").
 */
export function moneyText(minor: string, currency: string, own: string): string {
  const digits = minorDigits(currency) ?? USUAL_MINOR_DIGITS;
  const padded = minor.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
  const amount = digits === 0 ? whole : `${whole}.${padded.slice(-digits)}`;
  const sign = (currency === own ? ownCurrencySign(currency) : foreignCurrencySign(currency)) ?? currency;
  return `${/^[A-Z]{3}$/.test(sign) ? `${sign} ` : sign}${amount}`;
}

/** A sum in minor units, or what is wrong with how it was written. */
export type ReadMoney = { readonly minor: string } | { readonly refusal: string };

const AMOUNT = /^(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const MINOR_DIGITS_MAX = 18;

/**
 * Reads a sum as people write it in major units of a currency: "12,500.50", "₦12,500.50", "NGN 12500". A comma groups three
 * digits and a point comes before the fraction; whatever could be read in two ways is refused and never guessed.
 */
export function readMoney(text: string, currency: string, own: string): ReadMoney {
  const digits = minorDigits(currency) ?? USUAL_MINOR_DIGITS;
  const signs = [
    currency,
    foreignCurrencySign(currency),
    currency === own ? ownCurrencySign(currency) : null,
  ];
  const stripped = withoutSign(text.normalize('NFKC').trim(), signs);
  const [, whole, fraction = ''] = AMOUNT.exec(stripped) ?? [];
  if (whole === undefined)
    return {
      refusal: `write a sum of ${currency} like 12,500${digits > 0 ? `.${'50'.padEnd(digits, '0')}` : ''}`,
    };
  const beyond = fraction.slice(digits);
  if (/[1-9]/.test(beyond)) return { refusal: `${currency} has ${digits} decimal places` };
  const minor = `${whole.replaceAll(',', '')}${fraction.slice(0, digits).padEnd(digits, '0')}`.replace(
    /^0+(?=\d)/,
    '',
  );
  if (minor === '0') return { refusal: 'a sum is above zero' };
  if (minor.length > MINOR_DIGITS_MAX) return { refusal: 'the sum is too large' };
  return { minor };
}

function withoutSign(text: string, signs: readonly (string | null)[]): string {
  for (const written of signs) {
    if (written === null) continue;
    const sign = written.normalize('NFKC');
    if (text.startsWith(sign)) return text.slice(sign.length).trim();
    if (text.endsWith(sign)) return text.slice(0, -sign.length).trim();
  }
  return text;
}
