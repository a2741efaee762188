import { projectFiles, readProjectFile } from './source-tree';

/** The text of all SQL functions, without comments. */
function functionTexts(): string[] {
  return projectFiles()
    .filter((path) => path.startsWith('sql/functions/'))
    .map((path) => readProjectFile(path).replaceAll(/--.*$/gm, ''));
}

/** Codes that SQL functions return, by `'code', '…'` or as the text that they answer with. */
export function returnedCodes(): Set<string> {
  const codes = new Set<string>();
  for (const text of functionTexts()) {
    for (const expression of argumentsAfter(text, /(?<!->>? ?)'code',/g)) addLiterals(codes, expression);
    for (const [, expression = ''] of text.matchAll(/\b(?:refusal|code) := ([^;]+);/g))
      addLiterals(codes, expression);
    const answersCode = /function (core|app)\.\w*(refusal|answer)\b[^$]*\breturns text\b/.test(text);
    if (answersCode)
      for (const [, expression = ''] of text.matchAll(/\breturn ([^;]+);/g)) addLiterals(codes, expression);
  }
  return codes;
}

/** Whether a function names a literal at all, e.g. as the code that a run is closed with. */
export function sqlNames(literal: string): boolean {
  return functionTexts().some((text) => text.includes(`'${literal}'`));
}

/** SQLSTATEs of ours that functions raise. */
export function raisedStates(): Set<string> {
  return new Set(
    functionTexts().flatMap((text) => [...text.matchAll(/'(ZC\d{3})'/g)].map(([, state]) => state ?? '')),
  );
}

/**
 * Types of events that functions emit: the first argument of each `core.emit(…)`, a literal or made of literals. Where a
 * column is joined to a prefix, the values that the statement around it lets through are its ends.
 */
export function emittedEventTypes(): Set<string> {
  const types = new Set<string>();
  for (const text of functionTexts()) {
    for (const match of text.matchAll(/core\.emit\(/g)) {
      const expression = firstArgument(text.slice(match.index + match[0].length));
      const prefix = /^'([a-z_]+\.)' \|\| /.exec(expression)?.[1];
      if (expression.startsWith('p_type')) continue;
      if (prefix === undefined) {
        for (const [, type = ''] of expression.replaceAll(/\bwhen '[^']+'/g, '').matchAll(/'([a-z_.]+)'/g))
          types.add(type);
        continue;
      }
      const ends = /\bcase\b/.test(expression)
        ? expression.matchAll(/(?:then|else) '([a-z_]+)'/g)
        : (
            /\bin \(([^)]+)\) then\s*$/.exec(text.slice(0, match.index).replace(/perform\s*$/, ''))?.[1] ?? ''
          ).matchAll(/'([a-z_]+)'/g);
      for (const [, end = ''] of ends) types.add(prefix + end);
    }
  }
  return types;
}

function addLiterals(into: Set<string>, expression: string): void {
  // What a JSON answer is asked for is no code itself.
  const answers = expression.replaceAll(/\bwhen [\s\S]*?\bthen\b/g, 'then').replaceAll(/->>?\s*'[^']+'/g, '');
  for (const [, literal = ''] of answers.matchAll(/'([a-z_]+)'/g)) into.add(literal);
}

function argumentsAfter(text: string, mark: RegExp): string[] {
  return [...text.matchAll(mark)].map((match) => firstArgument(text.slice(match.index + match[0].length)));
}

/** The text up to the comma or bracket that ends the argument which begins here. */
function firstArgument(text: string): string {
  let depth = 0;
  let isQuoted = false;
  for (const [index, letter] of [...text].entries()) {
    if (letter === "'") isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (letter === '(') depth += 1;
    if (depth === 0 && (letter === ',' || letter === ')')) return text.slice(0, index).trim();
    if (letter === ')') depth -= 1;
  }
  return text.trim();
}
