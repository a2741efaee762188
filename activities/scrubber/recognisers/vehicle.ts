/** Vehicle identification numbers and number plates of Nigeria, Kenya and Britain; US plates have no form and need a word. */
import { spansOf, type Recogniser, type Span } from '../span';

const VIN = /(?<![\p{L}\p{N}])[A-HJ-NPR-Z0-9]{17}(?![\p{L}\p{N}])/giu;
const PLATES = [
  /(?<![\p{L}\p{N}])[A-Z]{3}[ -]?\d{3}[ -]?[A-Z]{2}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}[ -]?[A-Z]{3}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])(?:K[A-Z]{2}|GK|CD|UN)[ -]?\d{3}[ -]?[A-Z](?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]\d{1,3}[ -][A-Z]{3}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}])(?:[Pp]lates?|[Tt]ag|[Rr]eg(?:istration)?\.?)\s{0,2}(?:(?:no\.?|number|#|is|:)\s{0,2}){0,3}(?<id>(?=[A-Z0-9 -]{0,8}\d)(?=[A-Z0-9 -]{0,8}[A-Z])[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5})(?![\p{L}\p{N}])/dgu,
] as const;
const VIN_VALUES = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
const VIN_WEIGHTS: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

export const recogniseVehicle: Recogniser = (view) => {
  const spans: Span[] = PLATES.flatMap((pattern) => [...spansOf(view, pattern, 'vehicle')]);
  for (const match of view.matchAll(VIN)) {
    if (isVin(match[0].toUpperCase())) {
      spans.push({ start: match.index, end: match.index + match[0].length, kind: 'vehicle' });
    }
  }
  return spans;
};

/** ISO 3779 with the North American check digit; European ones lack it and pass by their mix of letters and digits. */
function isVin(text: string): boolean {
  const digits = text.match(/\d/gu)?.length ?? 0;
  if (digits < 3 || digits > 15) return false;
  const sum = VIN_WEIGHTS.reduce((total, weight, place) => total + weight * vinValue(text.charAt(place)), 0);
  const check = sum % 11 === 10 ? 'X' : String(sum % 11);
  return text.charAt(8) === check || /\d{4}$/u.test(text);
}

function vinValue(character: string): number {
  return VIN_VALUES.indexOf(character) % 10;
}
