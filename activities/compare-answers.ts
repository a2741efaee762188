/** Two answers to one prompt, field by field. */

export interface Comparison {
  /** Values at the ends of all paths that either answer has. */
  readonly fieldsCompared: number;
  readonly fieldsDiffering: number;
  /** JSON pointers (RFC 6901) to the first of those that differ. */
  readonly differing: readonly string[];
}

type Pair = readonly [stored: unknown, again: unknown];

const POINTERS_MAX = 50;
/** What stands for a name that no schema declares: a model may write anything into one, and pointers are shown. */
const UNDECLARED = '*';

/**
 * Compares two answers as JSON: in whatever order and spacing, equal numbers are equal. What one of them lacks is one field.
 * @param declared names of fields that pointers may tell
 */
export function compareAnswers(stored: unknown, again: unknown, declared: ReadonlySet<string>): Comparison {
  let fieldsCompared = 0;
  const differing: string[] = [];
  let fieldsDiffering = 0;
  const compare = (pair: Pair, pointer: string): void => {
    const members = membersOf(pair);
    if (members === undefined || members.size === 0) {
      fieldsCompared += 1;
      if (isSameEnd(pair)) return;
      fieldsDiffering += 1;
      if (differing.length < POINTERS_MAX && !differing.includes(pointer)) differing.push(pointer);
      return;
    }
    for (const [name, member] of members)
      compare(member, `${pointer}/${Array.isArray(pair[0]) ? name : shown(name, declared)}`);
  };
  compare([stored, again], '');
  return { fieldsCompared, fieldsDiffering, differing };
}

/** What a JSON Schema declares by name, at whatever depth. */
export function declaredNames(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part) as [string, unknown][]) {
      if (key === 'properties' && typeof value === 'object' && value !== null)
        for (const name of Object.keys(value)) names.add(name);
      collect(value);
    }
  };
  collect(schema);
  return names;
}

/** Pairs by the names of both; undefined unless both are objects, or both are arrays. */
function membersOf([stored, again]: Pair): ReadonlyMap<string, Pair> | undefined {
  if (!isContainer(stored) || !isContainer(again) || Array.isArray(stored) !== Array.isArray(again))
    return undefined;
  const [before, after] = [new Map(Object.entries(stored)), new Map(Object.entries(again))];
  return new Map(
    [...new Set([...before.keys(), ...after.keys()])].map((name) => [
      name,
      [before.get(name), after.get(name)],
    ]),
  );
}

/** Two empty containers of a kind are the same; what is no container by its value. */
function isSameEnd([stored, again]: Pair): boolean {
  if (isContainer(stored) && isContainer(again)) return Array.isArray(stored) === Array.isArray(again);
  return stored === again;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(name: string, declared: ReadonlySet<string>): string {
  return declared.has(name) && /^[\w.-]{1,100}$/.test(name) ? name : UNDECLARED;
}
