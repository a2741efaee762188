/**
 * Fields of records that hold amounts in small whole units (`total_minor`, `average_grams`), as people read and write them:
 * under the field's name without its unit, in the tenant's currency and measures. Pure.
 */
import { moneyText, readMoney } from './currency';

/** What amounts are read and written by. */
export interface Measures {
  /** ISO 4217. */
  readonly currency: string;
  readonly units: 'metric' | 'imperial';
}

type Payload = Readonly<Record<string, unknown>>;

/** A record in its fields' own units, or where an amount can't be read and why. */
export type ReadAmounts =
  | { readonly payload: Record<string, unknown> }
  | { readonly errors: readonly { readonly field: string; readonly message: string }[] };

const MICROGRAMS: Readonly<Record<string, bigint>> = {
  g: 1_000_000n,
  kg: 1_000_000_000n,
  lb: 453_592_370n,
  lbs: 453_592_370n,
  oz: 28_349_523n,
};
const WEIGHT = /^(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,8})(?:\.([0-9]{1,3}))?\s*(g|kg|lbs?|oz)$/i;

/**
 * Puts amounts as people write them (`"total": "₦12,500.50"`, `"average": "4.1 lb"`) into the fields that a record has for them.
 * @param fields names that the record may have
 */
export function readAmounts(written: Payload, fields: ReadonlySet<string>, tenant: Measures): ReadAmounts {
  const payload: Record<string, unknown> = {};
  const errors: { field: string; message: string }[] = [];
  const currency = typeof written.currency === 'string' ? written.currency : tenant.currency;
  for (const [name, value] of Object.entries(written)) {
    const field = [`${name}_minor`, `${name}_grams`].find((one) => fields.has(one));
    if (fields.has(name) || field === undefined || typeof value !== 'string') {
      payload[name] = value;
    } else if (Object.hasOwn(written, field)) {
      errors.push({ field: name, message: `say either ${name} or ${field}` });
    } else {
      const read = field.endsWith('_minor')
        ? readMoney(value, currency, tenant.currency)
        : readGrams(value, tenant);
      if ('refusal' in read) errors.push({ field: name, message: read.refusal });
      else payload[field] = 'minor' in read ? read.minor : read.grams;
    }
  }
  return errors.length > 0 ? { errors } : { payload };
}

/** Whole grams of a weight that says its unit: "1.85 kg", "4 lb 1" is none. */
function readGrams(text: string, { units }: Measures): { grams: number } | { refusal: string } {
  const [, whole, fraction = '', unit] = WEIGHT.exec(text.trim()) ?? [];
  if (whole === undefined || unit === undefined)
    return { refusal: `write a weight with its unit, like ${units === 'imperial' ? '4.1 lb' : '1.85 kg'}` };
  const thousandths = BigInt(`${whole.replaceAll(',', '')}${fraction.padEnd(3, '0')}`);
  const micrograms = (thousandths * (MICROGRAMS[unit.toLowerCase()] ?? 1n)) / 1000n;
  return { grams: Number((micrograms + 500_000n) / 1_000_000n) };
}

/** What stands in a record's amounts, in words: `{"total": "₦45,000.00", "average": "1,850 g"}`. What can't be read is left out. */
export function amountsInWords(payload: Payload, tenant: Measures): Record<string, string> {
  const currency = typeof payload.currency === 'string' ? payload.currency : tenant.currency;
  return Object.fromEntries(
    Object.entries(payload).flatMap(([field, value]) => {
      if (field.endsWith('_minor') && typeof value === 'string' && /^[0-9]{1,18}$/.test(value))
        return [[field.slice(0, -'_minor'.length), moneyText(value, currency, tenant.currency)]];
      if (field.endsWith('_grams') && typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
        return [[field.slice(0, -'_grams'.length), weightText(value, tenant)]];
      return [];
    }),
  );
}

function weightText(grams: number, { units }: Measures): string {
  const words = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
  return units === 'imperial' ? `${words.format(grams / 453.592_37)} lb` : `${words.format(grams)} g`;
}
