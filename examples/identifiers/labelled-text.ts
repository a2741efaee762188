/** Texts with their labels: templates filled by a seeded source of values. */
import { CLASSES, type IdentifierClass, type TemplateSet } from './template';
import { masked, seeded, valueOf } from './values';

export interface Label {
  readonly class: IdentifierClass;
  /** UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface LabelledText {
  /** The place of its template in the set; a negative's begins with `n`. */
  readonly id: string;
  readonly text: string;
  readonly labels: readonly Label[];
}

export const SEED = 20261124;
const FILLINGS = 4;
const SLOT = /\{([a-z_]+)(?::([a-z0-9]+)|=([^}]+))\}/gu;

/** Each template filled four times, and each negative once. */
export function labelledTexts(set: TemplateSet, seed: number = SEED): readonly LabelledText[] {
  const source = { random: seeded(seed), set };
  const filled = set.templates.flatMap((template, place) =>
    Array.from({ length: FILLINGS }, (_, filling) => fill(template, `${place}.${filling}`, source)),
  );
  const negatives = set.negatives.map((text, place) => ({ id: `n${place}`, text, labels: [] }));
  return [...filled, ...negatives];
}

function fill(template: string, id: string, source: Parameters<typeof valueOf>[0]): LabelledText {
  const labels: Label[] = [];
  let text = '';
  let at = 0;
  for (const match of template.matchAll(SLOT)) {
    const [whole, name = '', format, mask] = match;
    if (!isClass(name)) throw new Error(`no such class: ${name}`);
    text += template.slice(at, match.index);
    const value =
      mask === undefined ? valueOf(source, `${name}:${format ?? ''}`) : masked(source.random, mask);
    labels.push({ class: name, start: text.length, end: text.length + value.length });
    text += value;
    at = match.index + whole.length;
  }
  return { id, text: text + template.slice(at), labels };
}

function isClass(name: string): name is IdentifierClass {
  return (CLASSES as readonly string[]).includes(name);
}
