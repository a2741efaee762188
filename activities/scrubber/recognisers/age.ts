/**
 * Ages over 89 (45 CFR 164.514(b)(2)(i)(C)). The whole phrase is the value ("92 years old"), since a bare number would
 * be found everywhere. Ages of animals in days, weeks or months are no ages of persons.
 */
import { spansOf, type Recogniser } from '../span';

const OVER_89 = '(?:9\\d|1[0-3]\\d)';
const IN_WORDS =
  '(?:ninety(?:[\\s-](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a)\\s+hundred(?:\\s+and\\s+\\p{L}+)?)';
const NUMBER = `(?:${OVER_89}|${IN_WORDS})`;
const NOT_ANIMAL = '(?!\\s*-?\\s*(?:days?|weeks?|wks?|months?|hours?|d|w)(?![\\p{L}])|[.,]?\\d|\\s*%)';
/** "He is 92 kg": a number that something is measured in is no age. */
const NOT_MEASURED =
  '(?!\\s*-?\\s*(?:days?|weeks?|wks?|months?|hours?|minutes?|kg|kgs|kilos?|lbs?|pounds?|cm|percent|beats|points|bpm|mmhg|bags?|crates?|birds?|d|w)(?![\\p{L}])|[.,/]?\\d|\\s*%)';

const PATTERNS = [
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])${NUMBER}[\\s-]*(?:years?|yrs?\\.?|y)[\\s-]*(?:old|of\\s+age|o)(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}.,])${OVER_89}\\s*(?:y\\.?\\s*/?\\s*o\\.?|yo|yr|yrs)(?![\\p{L}\\p{N}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:aged?|age\\s+(?:is|of)|turned|turning)\\s*[:=]?\\s*${NUMBER}(?![\\p{L}\\p{N}])${NOT_ANIMAL}`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}\\p{N}.,])${OVER_89}\\s?/?\\s?(?:M|F)(?![\\p{L}\\p{N}])`, 'gu'),
  new RegExp(
    `(?<![\\p{L}])(?:he|she|patient|mother|father|grandmother|grandfather|grandma|grandpa|mama|papa|man|woman|lady|gentleman|widow(?:er)?)\\s+(?:is|was|will\\s+be)\\s+(?:now|already|almost|nearly|about|over)?\\s*${NUMBER}(?![\\p{L}\\p{N}])${NOT_MEASURED}`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}\\p{N}.,])${OVER_89}(?:st|nd|rd|th)\\s+(?:birthday|year)(?![\\p{L}])`, 'giu'),
  new RegExp(`(?<![\\p{L}])(?:nonagenarian|centenarian|supercentenarian)s?(?![\\p{L}])`, 'giu'),
] as const;

export const recogniseAge: Recogniser = (view) =>
  PATTERNS.flatMap((pattern) => spansOf(view, pattern, 'age'));
