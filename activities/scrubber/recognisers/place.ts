/** Small areas: street addresses, post office boxes, postal codes of the US and GB. Towns need the language library. */
import nlp from 'compromise';
import { spansOf, type Recogniser } from '../span';
import { foundByLanguage } from './language';

const PATTERNS = [
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:(?:no\\.?|plot|flat|apt\\.?|suite|block|No\\.?|Plot|Flat|Apt\\.?|Suite|Block)\\s*)?\\d{1,5}[a-zA-Z]?,?\\s+(?:\\p{Lu}[\\p{L}\\p{M}'.-]*\\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Crescent|Cres|Way|Boulevard|Blvd|Court|Ct|Estate|Highway|Hwy|Terrace|Parkway|Pkwy|Layout|Quarters|Quay|Square|Sq|Place|Pl|Row|Mews|Circle|Trail|Junction|Bypass|Walk)(?![\\p{L}])\\.?`,
    'gu',
  ),
  /(?<![\p{L}])p\.?\s?(?:o\.?|m\.?)\s?(?:b\.?|box)\s{0,2}\d{1,6}(?!\d)/giu,
  /(?<![\p{L}\p{N}])(?:[A-Z]{1,2}\d[A-Z\d]?) ?\d[ABD-HJLNP-UW-Z]{2}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{2}\s+(?<id>\d{5}(?:-\d{4})?)(?![\d-])/dgu,
  /(?<![\d-])\d{5}-\d{4}(?![\d-])/gu,
  /(?<![\p{L}])(?:zip\s?code|zip|postal\s+code|post\s?code)\s{0,2}(?:is|:|#)?\s{0,2}(?<id>(?=[A-Z]{0,2}\d)[A-Z0-9]{3,5}(?:[ -]?[A-Z0-9]{3,4})?)(?![\p{L}\p{N}])/dgiu,
  /(?<![\p{L}\p{N}.])-?\d{1,2}\.\d{4,},\s?-?\d{1,3}\.\d{4,}(?!\d)/gu,
] as const;

export const recogniseAddress: Recogniser = (view) =>
  PATTERNS.flatMap((pattern) => spansOf(view, pattern, 'place'));

/** Towns, regions and countries, as far as the language library knows them. */
export const recognisePlace: Recogniser = (view, memo) =>
  foundByLanguage(view, 'place', memo, (text) => nlp(text).places());

/** Companies and institutions, as far as the language library knows them. */
export const recogniseOrganisation: Recogniser = (view, memo) =>
  foundByLanguage(view, 'organisation', memo, (text) => nlp(text).organizations());
