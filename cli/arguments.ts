import { InvalidArgumentError } from 'commander';

/** A number of items, as a list of the API takes it. */
export function listLimit(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 200)
    throw new InvalidArgumentError('It takes a number from 1 to 200.');
  return number;
}

/** Seconds that a start is waited for, as the API takes them. */
export function waitSeconds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 30 || text.trim() === '')
    throw new InvalidArgumentError('It takes a number from 0 to 30.');
  return number;
}

/** A whole number of 1 or more: a version that was seen, or seconds. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It takes a whole number of 1 or more.');
  return number;
}

/** A property that either holds or does not. */
export function yesOrNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('It takes yes or no.');
  return text === 'yes';
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time that has been: so many minutes, hours or days ago (`12h`, `30d`), or an instant of RFC 3339. */
export function ago(text: string): Date {
  const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time =
    number === undefined
      ? Date.parse(text)
      : Date.now() - Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (!Number.isFinite(time) || (number === undefined && !/^\d{4}-\d{2}-\d{2}/.test(text)))
    throw new InvalidArgumentError('It takes a time such as 12h, 30d or 2026-11-01T00:00:00Z.');
  return new Date(time);
}
