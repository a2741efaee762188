import { defineEval, type EvalContext, type SourceSpan } from '../../../contract/pack';
import { sourceSpan } from '../output';
import { verdict } from './context';

/**
 * What is cited stands there: every source, of the proposal and of the payload that a person is shown, names a passage
 * that was given or a field of the input, and its quote occurs in it, but for white space and the form of quotation marks.
 */
export const citationsGrounded = defineEval({
  name: 'farm.citations_grounded',
  version: 1,
  evaluate: (context) => {
    const shown: unknown = context.proposal.payload.sources;
    const inPayload = Array.isArray(shown) ? shown.map((source) => sourceSpan.safeParse(source)) : [];
    const readable = inPayload.flatMap(({ data }) => data ?? []);
    const grounded = [...context.proposal.sources, ...readable].every((source) =>
      isGrounded(source, context),
    );
    return verdict(
      grounded && readable.length === inPayload.length,
      'block',
      'The advice quotes what does not stand in its source.',
    );
  },
});

function isGrounded({ passage_id: id, field, quote }: SourceSpan, { input, passages }: EvalContext): boolean {
  const text =
    id === undefined
      ? field !== undefined && Object.hasOwn(input, field)
        ? input[field]
        : undefined
      : passages.find((passage) => passage.id === id)?.text;
  if (typeof text !== 'string') return false;
  return quote === undefined || occurs(plain(quote), plain(text));
}

/** Whole: a quote that cuts a number or a word in two says something else than what stands there. */
function occurs(quote: string, text: string): boolean {
  if (quote === '') return true;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + quote.length)];
    const cutsStart = /^[\p{L}\p{N}]/u.test(quote) && /(?:[\p{L}\p{N}]|\p{N}[.,])$/u.test(before);
    const cutsEnd = /[\p{L}\p{N}]$/u.test(quote) && /^(?:[\p{L}\p{N}]|[.,]\p{N})/u.test(after);
    if (!cutsStart && !cutsEnd) return true;
  }
  return false;
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[‘’]/gu, "'")
    .replaceAll(/[“”]/gu, '"')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
