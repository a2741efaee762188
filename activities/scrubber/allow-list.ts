/**
 * The boundary of what may leave: default deny, by path.
 *
 * A path names one place, `subject.name`, and `[]` every element of an array, `documents[].text`, `tags[]`. A rule
 * speaks for a scalar (string, finite number, boolean, null) at exactly its path. Naming a parent passes nothing: an
 * object or array at a `pass` or `text` path is dropped, and each leaf of it has to be listed. Only `tokenise` takes a
 * structure, since nothing of it remains. Objects and arrays on the way to a listed path keep their shape; an array's
 * dropped elements become null, so that the places of the others do not change. Keys that contain `.`, `[` or `]`
 * match no path.
 */
import type { AllowList, FieldRule } from '../../contract/pack';

export type JsonScalar = string | number | boolean | null;
export type Json = JsonScalar | readonly Json[] | { readonly [key: string]: Json };

interface RuleNode {
  rule: FieldRule | undefined;
  readonly members: Map<string, RuleNode>;
  element: RuleNode | undefined;
}

/** What a rule makes of a value: its replacement, or `undefined` to drop it. `field` has indices, `path` has `[]`. */
export type ApplyRule = (value: unknown, rule: FieldRule, field: string) => Json | undefined;

export interface Filtered {
  readonly value: Readonly<Record<string, Json>>;
  /** Paths with `[]`, sorted, once each. The keys may be the caller's own: content, not for logs. */
  readonly droppedFields: readonly string[];
}

/** Makes a filter of an allow-list. Throws a TypeError on a path that it cannot read: a mistake in the pack. */
export function allowListFilter(
  allowList: AllowList,
): (input: Readonly<Record<string, unknown>>, apply: ApplyRule) => Filtered {
  const root = newNode();
  for (const [path, rule] of Object.entries(allowList)) nodeAt(root, path).rule = rule;
  return (input, apply) => {
    const dropped = new Set<string>();
    const value = filterObject(input, root, { field: '', path: '' }, { apply, dropped });
    return { value, droppedFields: [...dropped].sort() };
  };
}

interface Place {
  readonly field: string;
  readonly path: string;
}

interface Filtering {
  readonly apply: ApplyRule;
  readonly dropped: Set<string>;
}

function filterObject(
  value: Readonly<Record<string, unknown>>,
  node: RuleNode,
  place: Place,
  filtering: Filtering,
): Readonly<Record<string, Json>> {
  const kept: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const at: Place = { field: joined(place.field, key), path: joined(place.path, key) };
    const result = filterValue(member, node.members.get(key), at, filtering);
    if (result !== undefined) kept.push([key, result]);
  }
  return Object.fromEntries(kept);
}

function filterValue(
  value: unknown,
  node: RuleNode | undefined,
  place: Place,
  filtering: Filtering,
): Json | undefined {
  if (node !== undefined) {
    const isStructure = typeof value === 'object' && value !== null;
    if (node.rule !== undefined && (!isStructure || node.rule.rule === 'tokenise')) {
      const result = filtering.apply(value, node.rule, place.field);
      if (result !== undefined) return result;
    } else if (Array.isArray(value) && node.element !== undefined) {
      return filterArray(value, node.element, place, filtering);
    } else if (isRecord(value) && node.members.size > 0) {
      return filterObject(value, node, place, filtering);
    }
  }
  filtering.dropped.add(place.path);
  return undefined;
}

function filterArray(
  values: readonly unknown[],
  node: RuleNode,
  place: Place,
  filtering: Filtering,
): readonly Json[] {
  return values.map((value, index) => {
    const at: Place = { field: `${place.field}[${index}]`, path: `${place.path}[]` };
    return filterValue(value, node, at, filtering) ?? null;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}

function newNode(): RuleNode {
  return { rule: undefined, members: new Map(), element: undefined };
}

const SEGMENT = /^([^.[\]]+)((?:\[\])*)$/u;

function nodeAt(root: RuleNode, path: string): RuleNode {
  let node = root;
  for (const segment of path.split('.')) {
    const match = SEGMENT.exec(segment);
    if (match === null) throw new TypeError(`not a path of an allow-list: ${path}`);
    node = member(node, match[1] ?? '');
    for (let depth = 0; depth < (match[2] ?? '').length / 2; depth += 1) node = element(node);
  }
  return node;
}

function member(node: RuleNode, key: string): RuleNode {
  const found = node.members.get(key) ?? newNode();
  node.members.set(key, found);
  return found;
}

function element(node: RuleNode): RuleNode {
  node.element ??= newNode();
  return node.element;
}
