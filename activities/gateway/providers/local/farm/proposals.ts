import type { DateTime } from 'luxon';
import type { ModelProposal } from '../../../../../contract/pack';
import type { Clause } from './clauses';
import type { Piece } from './pieces';
import type { Heading, Reading } from './scope';
import type { Kind } from './triggers';

/** What every reader of a record needs beside the clause. */
export interface Reader {
  readonly note: string;
  readonly currency: string;
  /** Local midnight of the day on which the note was written. */
  readonly today: DateTime;
  readonly heading: Heading;
}

export type RecordReader = (clause: Clause, reader: Reader) => ModelProposal[];

type Value = string | number;

/** A longer span is only named by its offsets. */
const QUOTE_LENGTH_MAX = 1000;

/** Required fields by record type: the denominator of the confidence. The pack declares them; a test holds both equal. */
export const REQUIRED_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  mortality: ['count', 'occurred_on'],
  feed_use: ['quantity', 'unit', 'occurred_on'],
  water: ['quantity', 'unit', 'occurred_on'],
  weight: ['average_grams', 'occurred_on'],
  sale: ['item', 'quantity', 'unit', 'total_minor', 'currency', 'occurred_on'],
  expense: ['item', 'total_minor', 'currency', 'occurred_on'],
  symptom: ['description', 'occurred_on'],
  note: ['text', 'occurred_on'],
  task: ['title'],
};

/**
 * A proposal from what was read. Fields that were not read stay out; those that are required, or that were mentioned in
 * a way that leaves a doubt, are named in `missing`. Confidence is the share of required fields that were read.
 */
export function proposal(
  kind: Kind,
  fields: Readonly<Record<string, Reading<Value>>>,
  pieces: readonly Piece[],
  note: string,
): ModelProposal {
  const payload: Record<string, Value> = {};
  const missing: string[] = [];
  const required = REQUIRED_FIELDS[kind];
  for (const [name, reading] of Object.entries(fields)) {
    if (reading.state === 'read') payload[name] = reading.value;
    else if (reading.state === 'doubtful' || required.includes(name)) missing.push(name);
  }
  const readCount = required.filter((name) => payload[name] !== undefined).length;
  const start = Math.min(...pieces.map((piece) => piece.start));
  const end = Math.max(...pieces.map((piece) => piece.end));
  return {
    record_type: kind,
    payload,
    confidence_permille: Math.round((1000 * readCount) / required.length),
    sources: [
      {
        field: 'note',
        start,
        end,
        ...(end - start <= QUOTE_LENGTH_MAX ? { quote: note.slice(start, end) } : {}),
      },
    ],
    missing,
  };
}
