import { wordAt, type Piece } from './pieces';

export interface CurrencyReading {
  /** ISO 4217, or null when the sign could mean several currencies here. */
  readonly code: string | null;
  readonly length: number;
}

const CODES: ReadonlySet<string> = new Set(
  'NGN USD EUR GBP GHS KES UGX TZS RWF ZAR ZMW MWK ETB XOF XAF INR PKR BDT PHP IDR CAD AUD JPY CNY BRL MXN EGP MAD'.split(
    ' ',
  ),
);

const WORDS: ReadonlyMap<string, string> = new Map([
  ['naira', 'NGN'],
  ['nairas', 'NGN'],
  ['ksh', 'KES'],
  ['kshs', 'KES'],
  ['ush', 'UGX'],
  ['ugsh', 'UGX'],
  ['tsh', 'TZS'],
  ['tzsh', 'TZS'],
  ['ghc', 'GHS'],
  ['birr', 'ETB'],
  ['dollar', 'USD'],
  ['dollars', 'USD'],
  ['euro', 'EUR'],
  ['euros', 'EUR'],
  ['cedi', 'GHS'],
  ['cedis', 'GHS'],
  ['rand', 'ZAR'],
  ['kwacha', 'ZMW'],
]);

const SIGNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['₦', ['NGN']],
  ['N', ['NGN']],
  ['#', ['NGN']],
  ['€', ['EUR']],
  ['£', ['GBP', 'EGP']],
  ['¥', ['', 'JPY', 'CNY']],
  ['$', ['USD', 'CAD', 'AUD', 'MXN']],
  ['US$', ['USD']],
  ['CA$', ['CAD']],
  ['GH₵', ['GHS']],
  ['₵', ['GHS']],
]);

/** Words for money of which several countries have one; only the tenant's own is told. */
const SHARED_WORDS: readonly (readonly [words: RegExp, codes: readonly string[]])[] = [
  [/^(?:shillings?|sh|shs)$/, ['KES', 'UGX', 'TZS']],
  [/^(?:f?cfa|francs?)$/, ['XOF', 'XAF', 'RWF']],
  [/^(?:rupees?|rs)$/, ['INR', 'PKR']],
  [/^(?:pesos?|dirhams?|riyals?|pounds?|quid|yuan|yen|bucks)$/, ['MXN', 'PHP', 'MAD', 'EGP', 'CNY', 'JPY']],
];

/** Signs that only one country's hands write for money; elsewhere "N" and "#" are something else. */
const LOCAL_SIGNS: ReadonlySet<string> = new Set(['N', '#']);

function signCode(sign: string, tenantCurrency: string): string | null {
  const codes = SIGNS.get(sign) ?? [];
  if (codes.includes(tenantCurrency)) return tenantCurrency;
  return LOCAL_SIGNS.has(sign) ? null : codes[0] || null;
}

/** "R500", "K200": letters that touch a number may be a currency that is not ours, so that it is none of ours either. */
function isJoinedSign(piece: Piece, next: Piece | undefined): boolean {
  const isSign = piece.kind === 'word' && /^\p{Lu}{1,2}$/u.test(piece.text) && piece.lower !== 'x';
  return isSign && next?.kind === 'numeral' && next.start === piece.end;
}

/** A currency at `index`: a sign, a code, or (after the number only) a word. Null when there is none. */
export function readCurrency(
  pieces: readonly Piece[],
  index: number,
  tenantCurrency: string,
  side: 'before' | 'after',
): CurrencyReading | null {
  const piece = pieces[index];
  if (piece?.kind === 'currency' && side === 'before')
    return { code: signCode(piece.text, tenantCurrency), length: 1 };
  if (piece?.kind !== 'word') return null;
  if (
    CODES.has(piece.text.toUpperCase()) &&
    (piece.text === piece.text.toUpperCase() || piece.lower === 'ngn')
  ) {
    return { code: piece.text.toUpperCase(), length: 1 };
  }
  if (side === 'before' && isJoinedSign(piece, pieces[index + 1])) return { code: null, length: 1 };
  const word = wordAt(pieces, index);
  const code = WORDS.get(word);
  if (code !== undefined) return { code, length: 1 };
  const shared = SHARED_WORDS.find(([words]) => words.test(word));
  if (shared !== undefined)
    return { code: shared[1].includes(tenantCurrency) ? tenantCurrency : null, length: 1 };
  // A hundredth of the unit: not read, so that nobody's kobo become naira.
  if (/^(?:kobo|cents?|pesewas?)$/.test(word) && side === 'after') return { code: null, length: 1 };
  return null;
}
