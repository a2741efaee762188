import { InvalidArgumentError } from 'commander';

/** A number of items, as a list of the API takes it. */
export function listLimit(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 200)
    throw new InvalidArgumentError('It takes a number from 1 to 200.');
  return number;
}
