/** Reads a JSON document that others built, with a limit on its depth. */

/** JSON deeper than this is refused everywhere: nothing of ours needs it, and parsers of others fall over it. */
export const JSON_DEPTH_MAX = 32;

/** Parses `text`. Throws a SyntaxError without the text for anything that is not JSON or nests deeper than the limit. */
export function parseJsonDocument(text: string, depthMax: number = JSON_DEPTH_MAX): unknown {
  if (depthOf(text) > depthMax) throw new SyntaxError('the document nests too deep');
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('the document is not JSON');
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      if (character === '\\') at += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
