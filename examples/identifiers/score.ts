/** How a scrubbed text compares with its labels. */
import { scrubText } from '../../activities/scrubber/scrub';
import { randomToken, ownTokens } from '../../activities/scrubber/token';
import type { LabelledText } from './labelled-text';
import type { IdentifierClass } from './template';

export interface ClassScore {
  labelled: number;
  /** Not one letter or digit of it is left. */
  found: number;
  /** Replaced stretches of a kind of this class. */
  replaced: number;
  /** Those of them that hold at least a letter or digit of a label of any class. */
  right: number;
}

export interface Scores {
  texts: number;
  readonly classes: Map<IdentifierClass, ClassScore>;
  /** Texts without identifiers in which something was replaced, with what was. */
  readonly falseAlarms: { readonly id: string; readonly kind: string; readonly value: string }[];
  readonly missed: { readonly id: string; readonly class: IdentifierClass; readonly text: string }[];
  negatives: number;
  cpuMs: number;
}

const CLASS_OF_KIND: Readonly<Record<string, IdentifierClass>> = {
  person: 'name',
  patient: 'name',
  provider: 'name',
  organisation: 'place',
  birth_date: 'date',
};
const TELLING = /[\p{L}\p{N}]/u;

interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly value: string;
}

export function emptyScores(): Scores {
  return { texts: 0, classes: new Map(), falseAlarms: [], missed: [], negatives: 0, cpuMs: 0 };
}

/** Scrubs one text as a strict text field of a run would be, with nothing known of anybody, and adds what came of it. */
export function scoreText(scores: Scores, labelled: LabelledText): void {
  const { id, text, labels } = labelled;
  const before = process.cpuUsage();
  const scrubbed = scrubText({
    text,
    field: 'text',
    knownValues: [],
    dates: 'tokenise',
    places: true,
    mintToken: randomToken,
  });
  const { user, system } = process.cpuUsage(before);
  scores.cpuMs += (user + system) / 1000;
  scores.texts += 1;
  const replaced = replacedStretches(scrubbed);
  if (labels.length === 0) {
    scores.negatives += 1;
    scores.falseAlarms.push(...replaced.map(({ kind, value }) => ({ id, kind, value })));
  }
  for (const label of labels) {
    const score = scoreOf(scores, label.class);
    score.labelled += 1;
    if (isGone(text, label, replaced)) score.found += 1;
    else scores.missed.push({ id, class: label.class, text });
  }
  for (const one of replaced) {
    const score = scoreOf(scores, classOf(one.kind));
    score.replaced += 1;
    if (labels.some((label) => overlaps(text, one, label))) score.right += 1;
  }
}

/** Where in the source each token of the result stands: sources come back by putting the values in order. */
function replacedStretches({ text, tokens }: ReturnType<typeof scrubText>): readonly Replaced[] {
  const byToken = new Map(tokens.map((one) => [one.token, one]));
  let shift = 0;
  return ownTokens(text, new Set(byToken.keys())).map(({ start, end }) => {
    const { kind = '', value = '' } = byToken.get(text.slice(start, end)) ?? {};
    const from = start + shift;
    shift += value.length - (end - start);
    return { start: from, end: from + value.length, kind, value };
  });
}

function isGone(text: string, label: { start: number; end: number }, replaced: readonly Replaced[]): boolean {
  for (let at = label.start; at < label.end; at += 1) {
    if (TELLING.test(text.charAt(at)) && !replaced.some(({ start, end }) => start <= at && at < end))
      return false;
  }
  return true;
}

function overlaps(text: string, one: Replaced, label: { start: number; end: number }): boolean {
  return TELLING.test(text.slice(Math.max(one.start, label.start), Math.min(one.end, label.end)));
}

function classOf(kind: string): IdentifierClass {
  return CLASS_OF_KIND[kind] ?? (kind as IdentifierClass);
}

function scoreOf({ classes }: Scores, name: IdentifierClass): ClassScore {
  const score = classes.get(name) ?? { labelled: 0, found: 0, replaced: 0, right: 0 };
  classes.set(name, score);
  return score;
}
