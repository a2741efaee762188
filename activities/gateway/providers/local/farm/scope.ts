import type { DateTime } from 'luxon';
import { resolveDay } from './resolve-day';
import { isPlaceOnly, type Clause } from './clauses';
import { hasWord, type Day, type Piece, type Place } from './pieces';
import type { Sentence } from './sentences';

/** A field that was read, was not mentioned, or was mentioned in a way that leaves it in doubt. */
export type Reading<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'unmentioned' }
  | { readonly state: 'doubtful' };

export const UNMENTIONED = { state: 'unmentioned' } as const;
export const DOUBTFUL = { state: 'doubtful' } as const;

export function read<T>(value: T): Reading<T> {
  return { state: 'read', value };
}

function placesIn(pieces: readonly Piece[]): Place[] {
  return pieces.filter((piece) => piece.kind === 'place');
}

function daysIn(pieces: readonly Piece[]): Day[] {
  return pieces.filter((piece) => piece.kind === 'day');
}

/** Places that stand alone between separators: one such place is meant for the whole sentence. */
export function standalonePlaces(sentence: Sentence): Place[] {
  return sentence.segments.filter(isPlaceOnly).flatMap(placesIn);
}

function onlyPlace(places: readonly Place[]): Reading<string> {
  const names = new Set(places.map((place) => place.name));
  const [name] = names;
  if (names.size === 0) return UNMENTIONED;
  return names.size > 1 || name === undefined || name === null ? DOUBTFUL : read(name);
}

/** Where a group of pieces happened: its own place, else the one that stands alone in the sentence. */
export function placeOf(pieces: readonly Piece[], sentence: Sentence): Reading<string> {
  const own = placesIn(pieces);
  return own.length > 0 ? onlyPlace(own) : onlyPlace(standalonePlaces(sentence));
}

/** Heading of a note: a day that a sentence of its own, or the opening of one, gives to all that follows. */
export interface Heading {
  readonly day: Day | null;
}

/** A day that opens the sentence: "12 Nov: sold …", "Yesterday we sold …". */
export function openingDay(sentence: Sentence): Day | null {
  const first = sentence.pieces.find(
    (piece) => piece.kind !== 'mark' && !(piece.kind === 'word' && piece.lower === 'on'),
  );
  return first?.kind === 'day' ? first : null;
}

/** A sentence that is nothing but a day. */
export function isDayOnly(sentence: Sentence): boolean {
  return sentence.pieces.every(
    (piece) => piece.kind === 'day' || piece.kind === 'mark' || piece.kind === 'noise',
  );
}

/** What is counted since Monday did not happen today. */
const COUNTED: ReadonlySet<string> = new Set(['mortality', 'sale', 'expense', 'feed_use', 'water']);

/**
 * When a clause happened. Its own day counts; else the day that opens the sentence or heads the note; else the day on
 * which the note was written, unless a neighbour in the same sentence has another day, which then may be meant for both.
 */
export function dayOf(
  clause: Clause,
  own: readonly Piece[],
  heading: Heading,
  today: DateTime,
): Reading<string> {
  const written = today.toISODate();
  const resolved = (day: Day): string | null => resolveDay(day.reading, today, 'past');
  const days = daysIn(own).length > 0 ? daysIn(own) : daysIn(clause.segments.flat());
  const distinct = new Set(days.map(resolved));
  const [only] = distinct;
  if (distinct.size > 1) return DOUBTFUL;
  if (distinct.size === 1) return notLater(only ?? null, written);
  const opening = openingDay(clause.sentence) ?? heading.day;
  if (opening !== null) return notLater(resolved(opening), written);
  const isSeveralDays = COUNTED.has(clause.kind) && hasWord(own, new Set(['since']));
  const elsewhere = daysIn(clause.sentence.pieces).map(resolved);
  const isElsewhere = elsewhere.some((day) => day === null || (written !== null && day < written));
  return written === null || isElsewhere || isSeveralDays ? DOUBTFUL : read(written);
}

/** What happened did not happen after it was written down. */
function notLater(iso: string | null, written: string | null): Reading<string> {
  return iso === null || written === null || iso > written ? DOUBTFUL : read(iso);
}

/** When a plan is due; the day is to come. */
export function dueOf(pieces: readonly Piece[], today: DateTime): Reading<string> {
  const days = daysIn(pieces);
  if (days.length === 0) return UNMENTIONED;
  const distinct = new Set(days.map((day) => resolveDay(day.reading, today, 'future')));
  const [only] = distinct;
  const written = today.toISODate();
  if (distinct.size > 1 || only === undefined || only === null || written === null || only < written)
    return DOUBTFUL;
  return read(only);
}
