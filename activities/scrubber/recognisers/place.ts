/** Areas smaller than a state: street addresses, post office boxes, postal codes of the US and GB, towns. */
import nlp from 'compromise';
import { spansOf, type Recogniser, type Span } from '../span';
import { LISTED_TOWNS } from '../gazetteer';
import { foundByLanguage, unprotected } from './language';

const PATTERNS = [
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:(?:no\\.?|plot|flat|apt\\.?|suite|block|No\\.?|Plot|Flat|Apt\\.?|Suite|Block)\\s*)?\\d{1,5}[a-zA-Z]?,?\\s+(?:\\p{Lu}[\\p{L}\\p{M}'.-]*\\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Crescent|Cres|Way|Boulevard|Blvd|Court|Ct|Estate|Highway|Hwy|Terrace|Parkway|Pkwy|Layout|Quarters|Quay|Square|Sq|Place|Pl|Row|Mews|Circle|Trail|Junction|Bypass|Walk)(?![\\p{L}])\\.?`,
    'gu',
  ),
  /(?<![\p{L}])p\.?\s?(?:o\.?|m\.?)\s?(?:b\.?|box)\s{0,2}\d{1,6}(?:-\d{5})?(?!\d)/giu,
  /(?<![\p{L}\p{N}])(?:[A-Z]{1,2}\d[A-Z\d]?) ?\d[ABD-HJLNP-UW-Z]{2}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{2}\s+(?<id>\d{5}(?:-\d{4})?)(?![\d-])/dgu,
  /(?<![\d-])\d{5}-\d{4}(?![\d-])/gu,
  /(?<![\p{L}])(?:zip\s?code|zip|postal\s+code|post\s?code)\s{0,2}(?:is|:|#)?\s{0,2}(?<id>(?=[A-Z]{0,2}\d)[A-Z0-9]{3,5}(?:[ -]?[A-Z0-9]{3,4})?)(?![\p{L}\p{N}])/dgiu,
  /(?<![\p{L}\p{N}.])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}(?!\d)/gu,
] as const;

export const recogniseAddress: Recogniser = (view) =>
  /\d/u.test(view) ? PATTERNS.flatMap((pattern) => spansOf(view, pattern, 'place')) : [];

const PROPER = "\\p{Lu}[\\p{L}\\p{M}'-]+(?:[ ]\\p{Lu}[\\p{L}\\p{M}'-]+){0,2}";
/** A town that its words give away: "lives in X", "X County", "12 Moi Road, X", "P.O. Box 7, X". */
const BY_CONTEXT = [
  new RegExp(
    `(?<![\\p{L}])(?:(?:lives?|living|resid(?:es|ing|ent)|born|raised|based|stays?)[ ](?:in|at|of)|native[ ]of|(?:comes?|came|hails?)[ ]from|(?:moved|relocated|travell?ed|transferred)[ ](?:to|from)|port[ ]of|city[ ]of|town[ ]of|village[ ]of)[ ](?<id>${PROPER})`,
    'dgu',
  ),
  new RegExp(
    `(?<id>(?<![\\p{L}])${PROPER})[ ](?:County|LGA|L\\.G\\.A\\.?|Local[ ]Government|Township|Village|Parish|Borough|Constituency|Sub-?[Cc]ounty|Estate|District[ ]Hospital)(?![\\p{L}])`,
    'dgu',
  ),
  new RegExp(
    `(?:(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent|Way|Boulevard|Blvd|Court|Estate|Terrace|Layout|Square|Place)\\.?|[Bb][Oo][Xx][ ]?\\d{1,6}(?:-\\d{5})?|[Bb]\\.?[ ]?\\d{1,6}),[ ](?<id>${PROPER})`,
    'dgu',
  ),
] as const;
/** States and countries are no smaller than a state; that of New York and of Washington has to be called one. */
const STATE_SIZED =
  /^(?:(?:the[ ])?(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|west virginia|wisconsin|wyoming|(?:new york|washington) state|nigeria|kenya|ghana|uganda|tanzania|south africa|united states(?: of america)?|usa|america|united kingdom|uk|great britain|britain|england|scotland|wales|northern ireland|ireland|india|canada|germany|france|spain|portugal|africa|europe|asia))$/iu;
const CALLED_STATE = /[Ss]tate of $/u;

/** Towns and other areas smaller than a state: listed, told by the words around them, or known to the language library. */
export const recognisePlace: Recogniser = (view, memo) => {
  if (!/\p{Lu}/u.test(view)) return [];
  const told = BY_CONTEXT.flatMap((pattern) => spansOf(view, pattern, 'place'));
  const found = foundByLanguage(view, 'place', memo, (text) => nlp(text).places());
  const parts = [...told, ...listedTowns(view), ...found].flatMap((span) => splitAtCommas(view, span));
  return unprotected(view, parts).filter((span) => isSmall(view, span));
};

/** "Leeds, Noiler, Kenya" is three names, each of which may be one that stays. */
function splitAtCommas(view: string, { start, end, kind }: Span): readonly Span[] {
  return Array.from(view.slice(start, end).matchAll(/[^,;\s][^,;]*/gu), (part) => ({
    start: start + part.index,
    end: start + part.index + part[0].trimEnd().length,
    kind,
  }));
}

function isSmall(view: string, { start, end }: Span): boolean {
  return (
    !STATE_SIZED.test(view.slice(start, end)) && !CALLED_STATE.test(view.slice(Math.max(0, start - 9), start))
  );
}

const WORD = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}'-]+(?:[ -]\p{Lu}[\p{L}\p{M}'-]+)?/gu;

/** One or two capitalised words that are the name of a town of the countries served. */
function listedTowns(view: string): readonly Span[] {
  const spans: Span[] = [];
  for (const match of view.matchAll(WORD)) {
    const words = match[0].toLowerCase();
    const [first = ''] = words.split(' ');
    const [start, length] = [match.index, LISTED_TOWNS.has(words) ? words.length : first.length];
    if (LISTED_TOWNS.has(words) || LISTED_TOWNS.has(first))
      spans.push({ start, end: start + length, kind: 'place' });
    const second = words.slice(first.length + 1);
    if (!LISTED_TOWNS.has(words) && LISTED_TOWNS.has(second))
      spans.push({ start: start + first.length + 1, end: start + words.length, kind: 'place' });
  }
  return spans;
}

/** Companies and institutions, as far as the language library knows them. */
export const recogniseOrganisation: Recogniser = (view, memo) =>
  foundByLanguage(view, 'organisation', memo, (text) => nlp(text).organizations());
