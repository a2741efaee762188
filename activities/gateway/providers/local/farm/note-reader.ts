import { DateTime } from 'luxon';
import type { ModelProposal } from '../../../../../contract/pack';
import { readClauses, type Clause } from './clauses';
import { readDays } from './days';
import { readExpenses, readSales } from './deals';
import { readDeaths } from './deaths';
import { readDiary, readSymptoms, readTask } from './diary';
import { readFigures } from './figures';
import { lex } from './lexer';
import { figuresIn, markAt, wordAt, type Day } from './pieces';
import { readPlaces } from './places';
import { dividePlans } from './plans';
import type { Reader, RecordReader } from './proposals';
import { readFeedUse, readWater } from './rations';
import { isDayOnly, openingDay } from './scope';
import { readSentences, type Sentence } from './sentences';
import { isSaleOfOthers, partyOf } from './subjects';
import type { Kind } from './triggers';
import { readWeights } from './weights';

/** Facts of the farm that a note is read with. */
export interface FarmFacts {
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly places: readonly string[];
}

const READERS: Readonly<Record<Exclude<Kind, 'task'>, RecordReader>> = {
  mortality: readDeaths,
  feed_use: readFeedUse,
  water: readWater,
  weight: readWeights,
  sale: readSales,
  expense: readExpenses,
  symptom: readSymptoms,
  note: readDiary,
};

/** "He paid cash" says nothing that a diary needs; "she paid her 15k balance" does. */
const readOthersPayment: RecordReader = (clause, reader) =>
  figuresIn(clause.segments.flat()).length === 0 ? [] : readDiary(clause, reader);

/** The reader of a clause. What others bought or paid is no expense of the farm: their purchase may be its sale. */
function readerOf(clause: Clause): RecordReader {
  if (clause.kind === 'task') return readDiary;
  if (clause.kind === 'sale' && isSaleOfOthers(clause)) return () => [];
  if (clause.kind !== 'expense') return READERS[clause.kind];
  return { ours: readExpenses, sold_to: readSales, theirs: readOthersPayment }[partyOf(clause)];
}

/** A day that heads all that follows: alone in its sentence, or before a colon or a dash. */
function headingDay(sentence: Sentence): Day | null {
  const day = openingDay(sentence);
  if (day === null) return null;
  const after = markAt(sentence.pieces, sentence.pieces.indexOf(day) + 1);
  return isDayOnly(sentence) || [':', '-', '–', '—'].includes(after) ? day : null;
}

/** "Note: …" is kept as it is when no rule says more of it. */
function labelledNote(sentence: Sentence, reader: Reader): ModelProposal[] {
  const isLabelled = wordAt(sentence.pieces, 0) === 'note' && markAt(sentence.pieces, 1) === ':';
  if (!isLabelled || sentence.pieces.length < 3) return [];
  const clause: Clause = { kind: 'note', segments: [sentence.pieces.slice(2)], trigger: null, sentence };
  return readDiary(clause, reader);
}

function proposalsOf(sentence: Sentence, reader: Reader): ModelProposal[] {
  const { plans, facts } = dividePlans(sentence);
  const stated = readClauses(sentence, facts).flatMap((clause) => readerOf(clause)(clause, reader));
  const planned = plans.map((plan) => readTask(plan, reader));
  const proposals = [...stated, ...planned];
  return proposals.length > 0 ? proposals : labelledNote(sentence, reader);
}

/**
 * All records that a note states without doubt, in the order in which it states them.
 *
 * @param occurredAt when the note was written, RFC 3339
 * @returns null when the time cannot be read
 */
export function readNote(note: string, occurredAt: string, farm: FarmFacts): ModelProposal[] | null {
  const today = DateTime.fromISO(occurredAt, { zone: farm.timeZone }).startOf('day');
  if (!today.isValid) return null;
  const pieces = readFigures(readDays(readPlaces(lex(note), farm.places), today), farm.currency);
  let heading: Reader['heading'] = { day: null };
  const proposals: ModelProposal[] = [];
  for (const sentence of readSentences(pieces)) {
    const day = headingDay(sentence);
    if (day !== null) heading = { day };
    proposals.push(...proposalsOf(sentence, { note, currency: farm.currency, today, heading }));
  }
  return proposals.sort((left, right) => (left.sources[0]?.start ?? 0) - (right.sources[0]?.start ?? 0));
}
