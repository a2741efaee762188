import type { TokenKind } from '../../contract/pack';
import { foldValue } from './text-view';

/** A value that must not leave: of a person, a subject or an identifier of the tenant, or one that a token stands for. */
export interface KnownValue {
  readonly kind: TokenKind;
  readonly value: string;
}

const NAMES: ReadonlySet<TokenKind> = new Set(['person', 'patient', 'provider']);

export function isName(kind: TokenKind): boolean {
  return NAMES.has(kind);
}

/**
 * Whether a value can be searched for at all: two letters, or four digits, or four letters and digits together.
 * A shorter one ("92", "B") would replace half of an ordinary text, and is protected by its field's rule alone.
 */
export function isDistinctive(value: string): boolean {
  const folded = foldValue(value);
  const letters = folded.match(/\p{L}/gu)?.length ?? 0;
  const digits = folded.match(/\p{N}/gu)?.length ?? 0;
  return letters >= 2 || digits >= 4 || letters + digits >= 4;
}
