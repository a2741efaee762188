import { ApiProblem } from '../problem';

const DEPTH_MAX = 32;
const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses a body. What the database can't hold or would choke on is refused here, before it is built in memory: nesting
 * beyond 32 levels, bytes that are no UTF-8, U+0000, lone surrogates, and keys that would reach a prototype.
 *
 * @throws ApiProblem `body_malformed` or `body_too_deep`
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new ApiProblem('body_malformed');
  }
  if (depthOf(text) > DEPTH_MAX) throw new ApiProblem('body_too_deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiProblem('body_malformed');
  }
  refuseUnstorable(value);
  return value;
}

/** How deep brackets nest, strings left out. Counted in the text, since building the value is what hurts. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    if (inString) {
      if (letter === '\\') place += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, (depth += 1));
    else if (letter === '}' || letter === ']') depth -= 1;
  }
  return deepest;
}

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string') refuseText(value);
  else if (typeof value === 'number' && !Number.isFinite(value)) throw new ApiProblem('body_malformed');
  else if (Array.isArray(value)) value.forEach(refuseUnstorable);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') throw new ApiProblem('body_malformed');
      refuseText(key);
      refuseUnstorable(inner);
    }
  }
}

function refuseText(text: string): void {
  if (text.includes('\u0000') || LONE_SURROGATE.test(text)) throw new ApiProblem('body_malformed');
}

/** JSON with sorted keys: the same request is the same text, however its keys were ordered. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
  return `{${members.join(',')}}`;
}
