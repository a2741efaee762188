/**
 * The scrubber: applies a purpose's allow-list and replaces identifiers by tokens. Pure but for `mintToken`.
 *
 * Scrubbing is repeated until nothing new is found. So a value that only its context gave away in one field ("MRN
 * 884123") is also replaced where it stands bare in another, and scrubbing the result again changes nothing.
 */
import type { AllowList, FieldRule, TokenKind } from '../../contract/pack';
import { allowListFilter, type Json } from './allow-list';
import { knownIndex, KnownIndex } from './known-index';
import { isDistinctive, type KnownValue } from './known-value';
import { outside, passedNameIndex, staysOfRun, staysOfTenant } from './passed-names';
import { recognise, type RecognitionOptions } from './recognise';
import { mergeSpans, type LanguageMemo, type Span } from './span';
import type { ViewOptions } from './text-view';
import {
  bodySearchText,
  holdsBodyOf,
  isTokenOf,
  ownTokens,
  tokenLike,
  type MintToken,
  type ScrubToken,
} from './token';

export interface ScrubOptions extends RecognitionOptions {
  /** Values that the tenant knows: its people, subjects, identifiers. The order is the order of trust. */
  readonly knownValues: KnownIndex | readonly KnownValue[];
  /** Compact forms of what the run's fields are declared to let out: such a known value may stay in its texts. */
  readonly passing?: ReadonlySet<string>;
  /** Names that the tenant's facts give to the model anyway (its places): no name in one of them is taken out of it. */
  readonly passedNames?: readonly string[];
  /** Tokens that this run already has, of its input, queries or passages: an equal value gets the same token. */
  readonly earlier?: readonly ScrubToken[];
  readonly mintToken: MintToken;
}

export interface ScrubInputRequest extends ScrubOptions {
  readonly input: Readonly<Record<string, unknown>>;
  readonly allowList: AllowList;
}

export interface ScrubInputResult {
  readonly scrubbed: Readonly<Record<string, Json>>;
  /** New ones only; the run's tokens are these and `earlier`. */
  readonly tokens: readonly ScrubToken[];
  /** Paths with `[]` of what was not allowed to leave. Content: keys may be the caller's own. */
  readonly droppedFields: readonly string[];
}

/** Scrubbing did not come to rest, or `mintToken` keeps giving unusable tokens. Nothing may leave. */
export class ScrubError extends Error {
  override readonly name = 'ScrubError';
  constructor(readonly reason: 'unsettled' | 'unusable_token') {
    super(reason);
  }
}

const ROUNDS_MAX = 64;
const MINTING_TRIES_MAX = 8;

/**
 * Applies the allow-list to a run's input.
 * - `pass`: scalars as they are; only strings that could be taken for a token are replaced
 * - `text`: recognisers and known values; a number is read as the text that JSON writes, and stays one if nothing is found.
 *   What the field declares to pass (dates, places) does, whatever the options say
 * - `tokenise`: strings, numbers and booleans become one token; a structure becomes one for its JSON text; null and the
 *   empty string stay
 * Throws `ScrubError`, and TypeError on a wrong path in the allow-list.
 */
export function scrubInput(request: ScrubInputRequest): ScrubInputResult {
  const filter = allowListFilter(request.allowList);
  const vault = new RunTokens(request, JSON.stringify(request.input));
  const tokenised = filter(request.input, (value, rule, field) => tokeniseField(value, rule, field, vault));
  let scrubbed = tokenised.value;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = vault.changes;
    const next = filter(scrubbed, (value, rule, field) => scrubField(value, rule, field, vault));
    scrubbed = next.value;
    if (vault.changes === before) {
      return { scrubbed, tokens: vault.minted, droppedFields: tokenised.droppedFields };
    }
  }
  throw new ScrubError('unsettled');
}

/** Scrubs one text of a run (a passage, a query) by the same rules as a `text` field. Throws `ScrubError`. */
export function scrubText(request: ScrubOptions & { readonly text: string; readonly field: string }): {
  readonly text: string;
  readonly tokens: readonly ScrubToken[];
} {
  const vault = new RunTokens(request, request.text);
  let text = request.text;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = vault.changes;
    text = replaceIdentifiers(text, request.field, vault, request);
    if (vault.changes === before) return { text, tokens: vault.minted };
  }
  throw new ScrubError('unsettled');
}

function tokeniseField(value: unknown, rule: FieldRule, field: string, vault: RunTokens): Json | undefined {
  if (typeof value === 'object' && value !== null) return tokeniseStructure(value, rule, field, vault);
  const plain = scalar(value);
  if (rule.rule !== 'tokenise' || plain === undefined || plain === null || plain === '') return plain;
  if (typeof plain === 'string' && vault.owns(plain)) return plain;
  return vault.token(typeof plain === 'string' ? plain : JSON.stringify(plain), rule.kind, field);
}

/** The strings in the structure get tokens too, so that none of them can stay behind in another field. */
function tokeniseStructure(
  value: object,
  rule: FieldRule,
  field: string,
  vault: RunTokens,
): Json | undefined {
  if (rule.rule !== 'tokenise') return undefined;
  const { kind } = rule;
  const written = JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'string' && isDistinctive(member)) vault.token(member, kind, field);
    return member;
  });
  return vault.token(written, kind, field);
}

function scrubField(value: unknown, rule: FieldRule, field: string, vault: RunTokens): Json | undefined {
  if (rule.rule === 'pass')
    return typeof value === 'string' ? neutralise(value, field, vault) : scalar(value);
  if (rule.rule === 'tokenise') return scalar(value);
  const looking: RecognitionOptions = {
    ...vault.options,
    dates: rule.dates === 'pass' ? 'keep' : vault.options.dates,
    places: rule.places !== 'pass' && vault.options.places === true,
  };
  if (typeof value === 'string') return replaceIdentifiers(value, field, vault, looking);
  if (typeof value !== 'number') return scalar(value);
  const written = JSON.stringify(value);
  const replaced = replaceIdentifiers(written, field, vault, looking);
  return replaced === written ? scalar(value) : replaced;
}

function scalar(value: unknown): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A string of the user's that looks like a token becomes a token of its own, so that it can mean nobody else's value. */
function neutralise(text: string, field: string, vault: RunTokens): string {
  const own = ownTokens(text, vault.names);
  const spans = tokenLike(text, own).map((range): Span => ({ ...range, kind: 'code' }));
  return replaceSpans(text, mergeSpans(spans), field, vault);
}

function replaceIdentifiers(
  text: string,
  field: string,
  vault: RunTokens,
  looking: RecognitionOptions,
): string {
  if (text === '') return text;
  const masked = ownTokens(text, vault.names);
  const view = { masked };
  const spans = outside(vault.passed.spans(text, { view, withNameParts: false }), [
    ...vault.known(text, view).filter((span) => !mayPass(text, span, looking)),
    ...tokenLike(text, masked).map((range): Span => ({ ...range, kind: 'code' })),
    ...recognise(text, looking, view, vault.memo),
  ]);
  return replaceSpans(text, mergeSpans(spans), field, vault);
}

/** A date or town that a stricter field of the run made a token of, in one that passes such. */
function mayPass(text: string, { start, end, kind }: Span, looking: RecognitionOptions): boolean {
  if (kind === 'date') return looking.dates === 'keep';
  return kind === 'place' && looking.places !== true && !/\p{N}/u.test(text.slice(start, end));
}

function replaceSpans(text: string, spans: readonly Span[], field: string, vault: RunTokens): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, kind } of spans) {
    parts.push(text.slice(at, start), vault.token(text.slice(start, end), kind, field));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** The tokens of one run while it is being scrubbed. */
class RunTokens {
  readonly minted: ScrubToken[] = [];
  readonly names = new Set<string>();
  /** Counts replacements: scrubbing has come to rest when a round makes none. */
  changes = 0;
  readonly memo: LanguageMemo = new Map();
  readonly passed: KnownIndex;
  readonly #tenants: KnownIndex;
  readonly #own = new KnownIndex();
  readonly #sourceSearchText: string;
  readonly #byValue = new Map<string, string>();

  constructor(
    readonly options: ScrubOptions,
    source: string,
  ) {
    this.#sourceSearchText = bodySearchText(source);
    this.passed = passedNameIndex(options.passedNames ?? []);
    this.#tenants = knownIndex(options.knownValues);
    for (const { token, value } of options.earlier ?? []) {
      this.names.add(token);
      if (!this.#byValue.has(value)) this.#byValue.set(value, token);
    }
    this.#own.add(options.earlier ?? []);
  }

  owns(token: string): boolean {
    return this.names.has(token);
  }

  /** What the tenant knows, and what this run has tokens for already. */
  known(text: string, view: ViewOptions): readonly Span[] {
    const { passing } = this.options;
    return [
      ...this.#tenants.spans(text, { view, withNameParts: true, mayStay: staysOfTenant(passing) }),
      ...this.#own.spans(text, { view, withNameParts: true, mayStay: staysOfRun(passing) }),
    ];
  }

  token(value: string, kind: TokenKind, field: string): string {
    this.changes += 1;
    const existing = this.#byValue.get(value);
    if (existing !== undefined) return existing;
    const token = this.#mint(kind);
    this.#byValue.set(value, token);
    this.names.add(token);
    this.minted.push({ token, kind, value, field });
    this.#own.add([{ kind, value }]);
    return token;
  }

  /** A token that is malformed, already in use, or guessed by the source is thrown away and minted again. */
  #mint(kind: TokenKind): string {
    for (let attempt = 0; attempt < MINTING_TRIES_MAX; attempt += 1) {
      const token = this.options.mintToken(kind);
      if (isTokenOf(kind, token) && !this.names.has(token) && !holdsBodyOf(this.#sourceSearchText, [token]))
        return token;
    }
    throw new ScrubError('unusable_token');
  }
}
