/**
 * Names of persons: after a title, after words that name somebody, from lists of names, and as the language library finds
 * them. Names already known to the tenant are found by the known-value matcher, not here.
 */
import nlp from 'compromise';
import type { Recogniser, Span } from '../span';
import { ENGLISH_NAMES, KENYAN_NAMES } from '../gazetteer';
import { NIGERIAN_NAMES, EVERYDAY_WORDS, protectedRanges } from '../vocabulary';
import { foundByLanguage, trimmed, unprotected } from './language';

const NAME = "\\p{Lu}[\\p{L}\\p{M}]+(?:['-]\\p{L}[\\p{L}\\p{M}]*){0,4}(?![\\p{L}\\p{N}])";
const INITIAL = '\\p{Lu}\\.';
const PARTICLE = '(?:van|von|de|der|den|da|di|del|della|la|le|bin|binti|ibn|al|el|ter|dos|du)';
/** Every part is bounded: a row of initials without end would be read from each of them anew. */
const FULL_NAME = `(?:${INITIAL}[ ]?){0,4}${NAME}(?:[ ](?:(?:\\p{Lu}\\.?|${PARTICLE})[ ]){0,3}${NAME}|[ ]${INITIAL}){0,3}`;

const TITLE =
  '(?:[Dd][Rr]|[Mm][Rr]|[Mm][Rr][Ss]|[Mm][Ss]|[Mm]iss|[Mm]iz|[Mm]x|[Pp]rof|[Pp]rofessor|[Dd]octor|[Nn]urse|[Ss]ister|[Mm]atron|[Cc]hief|[Aa]lhaji|[Aa]lhaja|[Hh]ajia|[Hh]ajiya|[Mm]allam|[Ee]ngr|[Bb]arr|[Rr]ev|[Rr]everend|[Pp]astor|[Ii]mam|[Ss]ir|[Mm]adam|[Mm]adame|[Mm]ama|[Ii]ya|[Bb]aba|[Oo]ga|[Uu]ncle|[Aa]unty|[Aa]untie|[Aa]unt|[Oo]tunba|[Hh]on|[Cc]apt|[Cc]ol|[Ll]t|[Ss]gt|DR|MR|MRS|MS|PROF|SIR|MADAM)';
const TITLED = new RegExp(
  `(?<![\\p{L}\\p{N}])${TITLE}(?:\\.[ ]?|[ ])(?:${TITLE}(?:\\.[ ]?|[ ]))?(?<id>${FULL_NAME})`,
  'dgu',
);

const NAMED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:[Nn]ames?|[Nn]ame[ ]is|[Cc]alled|[Nn]amed|[Ss]igned(?:[ ]by)?|[Ss]een[ ]by|[Tt]reated[ ]by|[Rr]eferred[ ]by|[Rr]eviewed[ ]by|[Ww]itnessed[ ]by|[Ss]poke[ ](?:to|with)|[Ss]old[^.\\n]{0,40}?[ ]to|[Bb]ought[^.\\n]{0,40}?[ ]from|[Pp]aid|[Pp]atient|[Cc]lient|[Cc]ustomer|[Bb]uyer|[Ss]eller|[Ss]upplier|[Pp]hysician|[Ss]urgeon|[Dd]river|[Ww]orker|[Aa]ttendant|(?:[Ff]arm[ ])?[Hh]and|[Ww]ife|[Hh]usband|[Ss]on|[Dd]aughter|[Mm]other|[Ff]ather|[Bb]rother|[Ff]riend|[Nn]eighbour|[Nn]eighbor)[ ]?(?:[ ]is|[ ]was|:|,|=)?[ ]{1,2}(?<id>${FULL_NAME})`,
  'dgu',
);
/** "Edda Foliosample, MD", and the line under "Sincerely,". */
const WITH_DEGREE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<id>${FULL_NAME}),?[ ](?:M\\.?D|D\\.?O|MBBS|MB[ ]?BS|MBChB|R\\.?N|N\\.?P|PA-C|Ph\\.?D|FACS|FRCS|FWACS|FACP|FACOG|FAAP|CRNA|CNM|DDS|DMD|DPM|PharmD|DVM|MPH|Esq)(?![\\p{L}])`,
  'dgu',
);
const CLOSING = new RegExp(
  `(?:[Ss]incerely|[Rr]egards|[Ff]aithfully|[Tt]ruly|[Rr]espectfully|[Ss]igned)[^\\n]{0,20}[,:]?\\s{1,6}(?<id>${FULL_NAME})(?=[ ]*(?:,|\\n|$))`,
  'dgu',
);
/** The heads of letters and forms: "RE: Emeka Okafor", "Referee: Ada Sample". */
const HEADED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:[Rr][Ee]|[Cc][Cc]|[Tt]o|[Ff]rom|[Bb]y|[Aa]ttn|[Aa]ttending|[Cc]onsultant|[Rr]esident|[Rr]eferee|[Ww]itness|[Aa]uthor|[Aa]pplicant|[Ee]mployee|[Gg]uarantor|[Cc]ontact|[Dd]octor|[Pp]rovider|[Pp]rescriber|GP|PCP|[Nn]ext[ ]of[ ][Kk]in|[Ss]urname|[Hh]older|[Bb]eneficiary|[Ss]ender|[Rr]ecipient)(?:[ ]\\([^)\\n]{1,30}\\)|[ ]on[ ]call)?[ ]?:[ ]{0,3}(?<id>${FULL_NAME})`,
  'dgu',
);
/** Surname first, as forms have it: "Okafor, Emeka J." */
const SURNAME_FIRST = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:[Nn]ame|[Pp]atient|[Pp]rovider|[Pp]hysician|[Aa]ttending|[Cc]onsultant|[Aa]pplicant|[Rr][Ee])[ ]?:[ ]?(?<id>${NAME},[ ]${FULL_NAME})`,
  'dgu',
);
const CAPITALISED = new RegExp(`(?<![\\p{L}\\p{N}])${FULL_NAME}`, 'gu');
/** The library takes its own titles into the name; ours stay outside, so that a name has one token with and without. */
const LEADING_TITLE = new RegExp(`^(?:${TITLE}(?:\\.[ ]?|[ ]))+`, 'u');

const BUSINESS =
  /^(?:[\p{L}\p{M}'&.-]+[ ]){1,4}?(?:feeds?|mills?|farms?|depot|ventures?|stores?|shop|ltd|limited|inc|plc|llc|llp|enterprises?|agro\p{L}*|vet(?:erinary|s)?|pharmacy|hatchery|hatcheries|foods?|livestock|poultry|company|services?|supplies|supply|bank|market|hospital|clinic|university|college|hotel|restaurant|supermarket)(?![\p{L}])/iu;
const BUSINESS_WINDOW = 16;
/** Every name that this file finds begins with a capital letter. */
const CAPITAL = /\p{Lu}/u;

export const recognisePerson: Recogniser = (view, memo) => {
  if (!CAPITAL.test(view)) return [];
  const titled = grouped(view, TITLED).filter(
    (span) => !isBareOrdinary(view, span) || followsFullTitle(view, span),
  );
  const guessed = [
    ...withoutOrdinaryEdges(
      view,
      grouped(view, NAMED).filter((span) => !isBusiness(view, span)),
    ).map((span) => withoutTitle(view, span)),
    ...grouped(view, SURNAME_FIRST),
    ...withoutOrdinaryEdges(view, [
      ...grouped(view, WITH_DEGREE),
      ...grouped(view, CLOSING),
      ...grouped(view, HEADED),
    ]),
    ...listed(view),
  ];
  const found = foundByLanguage(view, 'person', memo, (text) => nlp(text).people()).map((span) =>
    withoutTitle(view, span),
  );
  return [...titled, ...unprotected(view, guessed), ...unprotected(view, found)];
};

function grouped(view: string, pattern: RegExp): readonly Span[] {
  return Array.from(view.matchAll(pattern), (match) => {
    const [start, end] = match.indices?.groups?.['id'] ?? [match.index, match.index];
    return trimmed(view, start, end, 'person');
  });
}

/** "Sister called", "Chief Complaint": an ordinary word after a title that is also an ordinary word names nobody. */
function isBareOrdinary(view: string, { start, end }: Span): boolean {
  return EVERYDAY_WORDS.has(view.slice(start, end).toLowerCase());
}

function followsFullTitle(view: string, { start }: Span): boolean {
  return /(?:^|[^\p{L}])(?:dr|mr|mrs|ms|miss|prof|alhaji|alhaja|hajia|engr)\.? ?$/iu.test(
    view.slice(Math.max(0, start - 8), start),
  );
}

/** Cuts ordinary words off both ends: "Paid Uche Monday" names Uche. */
function withoutOrdinaryEdges(view: string, spans: readonly Span[]): readonly Span[] {
  const protectedStarts = protectedRanges(view).map(({ start }) => start);
  return spans.flatMap((span) => {
    const stop = firstWithin(protectedStarts, span);
    const words = Array.from(view.slice(span.start, stop).matchAll(/\S+/gu));
    const isOrdinary = (word: RegExpMatchArray): boolean =>
      EVERYDAY_WORDS.has(word[0].toLowerCase().replace(/\W+$/u, ''));
    const first = words.findIndex((word) => !isOrdinary(word));
    const last = words.findLastIndex((word) => !isOrdinary(word));
    const [from, to] = [words[first], words[last]];
    if (from === undefined || to === undefined) return [];
    return [
      trimmed(view, span.start + (from.index ?? 0), span.start + (to.index ?? 0) + to[0].length, 'person'),
    ];
  });
}

/** "Bought from Top Feeds": a guess by a cue alone takes no firm for a person. A listed name in it is found elsewhere. */
function isBusiness(view: string, { start, end }: Span): boolean {
  return BUSINESS.test(view.slice(start, end + BUSINESS_WINDOW));
}

/** The first of the sorted offsets that lies inside the span, or the span's end; by halving, as texts may be long. */
function firstWithin(sorted: readonly number[], span: Span): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  return Math.min(sorted[low] ?? span.end, span.end);
}

/** Runs of capitalised words with a listed name among them, from that name's run of words that are not everyday ones. */
function listed(view: string): readonly Span[] {
  const runs: Span[] = [];
  for (const match of view.matchAll(CAPITALISED)) {
    const words = match[0].toLowerCase().split(/[\s'-]+/u);
    if (!words.some(isListed)) continue;
    runs.push({ start: match.index, end: match.index + match[0].length, kind: 'person' });
  }
  return withoutOrdinaryEdges(view, runs).map((span) => withoutTitle(view, span));
}

function isListed(word: string): boolean {
  return NIGERIAN_NAMES.has(word) || KENYAN_NAMES.has(word) || ENGLISH_NAMES.has(word);
}

function withoutTitle(view: string, span: Span): Span {
  const title = LEADING_TITLE.exec(view.slice(span.start, span.end))?.[0].length ?? 0;
  return { ...span, start: span.start + title };
}
