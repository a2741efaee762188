/** Plain words for the questions that the farm's gates ask. Pure, and silent about fields that are open. */
import { moneyText } from '../../contract/currency';
import type { TenantFacts } from '../../contract/pack';

type Payload = Readonly<Record<string, unknown>>;

const LONG_DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const INVARIANT_UNITS: ReadonlySet<string> = new Set(['kg', 'g', 'ml', 'dozen']);

/** Money in words of the tenant: "₦45,000.00". `minor` is a digit string of minor units. */
export function money(minor: string, currency: string, tenant: TenantFacts): string {
  return moneyText(minor, currency, tenant.currency);
}

/** The text of a field, or undefined when it is open. */
export function text(payload: Payload, field: string): string | undefined {
  const value = payload[field];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** "10 November 2025" for "2025-11-10". */
export function day(isoDate: string): string {
  const parsed = new Date(`${isoDate}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) return isoDate;
  return LONG_DATE.format(parsed);
}

function plural(unit: string, quantity: string): string {
  if (quantity === '1' || INVARIANT_UNITS.has(unit) || unit.endsWith('s')) return unit;
  return /(?:x|ch|sh)$/.test(unit) ? `${unit}es` : `${unit}s`;
}

/** "30 crates of eggs", "12 broilers", "30 crates", "eggs", or `otherwise` when all of it is open. */
export function goods(payload: Payload, nameField: string, otherwise: string): string {
  const quantity = text(payload, 'quantity');
  const unit = text(payload, 'unit');
  const name = text(payload, nameField);
  if (quantity === undefined) return name ?? otherwise;
  if (unit === undefined || unit === 'piece') return `${quantity} ${name ?? plural('piece', quantity)}`;
  const amount = `${quantity} ${plural(unit, quantity)}`;
  return name === undefined ? amount : `${amount} of ${name}`;
}

/** " for ₦45,000.00", or nothing when the sum is open. */
export function forSum(payload: Payload, tenant: TenantFacts): string {
  const minor = text(payload, 'total_minor');
  if (minor === undefined || !/^[0-9]+$/.test(minor)) return '';
  return ` for ${money(minor, text(payload, 'currency') ?? tenant.currency, tenant)}`;
}

/** " in House 3", or nothing. */
export function within(payload: Payload): string {
  const place = text(payload, 'place');
  return place === undefined ? '' : ` in ${place}`;
}

/** " on 10 November 2025", or nothing. */
export function onDay(payload: Payload): string {
  const date = text(payload, 'occurred_on');
  return date === undefined ? '' : ` on ${day(date)}`;
}

/** " Fill in first: item, total." for the required fields that are open, or nothing. */
export function stillOpen(payload: Payload, requiredFields: readonly string[]): string {
  const names = requiredFields
    .filter((field) => payload[field] === undefined || payload[field] === null)
    .map((field) =>
      field
        .replace(/_minor$/, '')
        .replace(/_on$/, ' on')
        .replaceAll('_', ' '),
    );
  return names.length === 0 ? '' : ` Fill in first: ${names.join(', ')}.`;
}
