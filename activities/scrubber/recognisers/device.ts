/** Device identifiers with a form of their own: hardware addresses, IMEI, unique device identification. */
import { passesLuhn } from './account';
import { spansOf, type Recogniser } from '../span';

const HARDWARE_ADDRESS =
  /(?<![\p{L}\p{N}:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?:(?:\1[0-9a-f]{2}){2})?(?![\p{L}\p{N}:-])/giu;
const UDI = /\(01\)\s?\d{14}(?:\s?\((?:11|17|10|21)\)\s?[A-Z0-9-]{1,20}){0,4}/giu;
const IMEI = /(?<![\d-])\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?!\d)/gu;

export const recogniseDevice: Recogniser = (view) => [
  ...spansOf(view, HARDWARE_ADDRESS, 'device'),
  ...spansOf(view, UDI, 'device'),
  ...spansOf(view, IMEI, 'device').filter(({ start, end }) =>
    passesLuhn(view.slice(start, end).replace(/\D/gu, '')),
  ),
];
