/** Tokens that are the same in every test run and different within one. */
import { createHash } from 'node:crypto';
import type { TokenKind } from '../../../../contract/pack';
import type { MintToken } from '../../../../activities/scrubber/token';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export function countingMint(seed = 'seed'): MintToken {
  let count = 0;
  return (kind: TokenKind) => {
    count += 1;
    const hash = createHash('sha256').update(`${seed} ${count}`).digest();
    const body = Array.from(hash.subarray(0, 20), (byte) => ALPHABET.charAt(byte & 31)).join('');
    return `<${kind}_token_${body}>`;
  };
}
