import { animalCounts, countOf } from './deaths';
import { readDeadlines } from './days';
import { joined } from './groups';
import { wordAt, type Piece } from './pieces';
import type { Plan } from './plans';
import type { ModelProposal } from '../../../../../contract/pack';
import { proposal, type Reader, type RecordReader } from './proposals';
import { dayOf, DOUBTFUL, dueOf, placeOf, read, type Reading } from './scope';

const PROSE_LENGTH_MAX = 1000;
const TITLE_LENGTH_MAX = 200;
const BEFORE_A_DAY: ReadonlySet<string> = new Set(['on', 'by', 'before', 'for', 'at', 'in', 'until']);
const JOINTS: ReadonlySet<string> = new Set(['and', 'but', 'then', 'also', 'plus', 'while']);

/** What the pieces say, as it was written, without the word that joined it to what stood before. */
function prose(note: string, pieces: readonly Piece[]): Reading<string> {
  const from = pieces.findIndex(
    (piece) => piece.kind !== 'mark' && !(piece.kind === 'word' && JOINTS.has(piece.lower)),
  );
  const [first, last] = [pieces[from], pieces[pieces.length - 1]];
  const text = first === undefined || last === undefined ? '' : note.slice(first.start, last.end).trim();
  return text === '' || text.length > PROSE_LENGTH_MAX ? DOUBTFUL : read(text);
}

/** Signs of illness in the words of who saw them; never a diagnosis. */
export const readSymptoms: RecordReader = (clause, reader) => {
  const pieces = joined(clause.segments);
  const fields = {
    description: prose(reader.note, pieces),
    affected_count: countOf(animalCounts(pieces)),
    place: placeOf(pieces, clause.sentence),
    occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
  };
  return [proposal('symptom', fields, pieces, reader.note)];
};

/** What happened and fits no other type, as it was written. */
export const readDiary: RecordReader = (clause, reader) => {
  const pieces = joined(clause.segments);
  const fields = {
    text: prose(reader.note, pieces),
    occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
  };
  return [proposal('note', fields, pieces, reader.note)];
};

/** The deed as it was written, without the day by which it is due. */
function titleOf(note: string, deed: readonly Piece[]): Reading<string> {
  const runs: Piece[][] = [[]];
  deed.forEach((piece, index) => {
    const isBeforeDay = deed[index + 1]?.kind === 'day' && BEFORE_A_DAY.has(wordAt(deed, index));
    if (piece.kind === 'day' || isBeforeDay) runs.push([]);
    else runs[runs.length - 1]?.push(piece);
  });
  const texts = runs.map((run) => note.slice(run[0]?.start, run[run.length - 1]?.end ?? 0));
  const title = texts
    .map((text) => text.replace(/^[\s,:;.-]+/, '').trim())
    .filter((text) => text !== '')
    .join(' ');
  return title === '' || title.length > TITLE_LENGTH_MAX ? DOUBTFUL : read(title);
}

/** A task from what is still to be done. */
export function readTask(plan: Plan, reader: Reader): ModelProposal {
  const pieces = readDeadlines(joined(plan.segments));
  const title = titleOf(reader.note, readDeadlines(plan.deed));
  const own = dueOf(pieces, reader.today);
  const head = reader.heading.day;
  // "Tomorrow: buy feed" says when; "12 Nov: buy feed" only when it was written down.
  const isHeaded = own.state === 'unmentioned' && head?.reading.form === 'fixed';
  const headed = isHeaded ? dueOf([head], reader.today) : own;
  const fields = { title, due_on: headed.state === 'read' ? headed : own };
  return proposal('task', fields, pieces, reader.note);
}
