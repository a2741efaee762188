/** E-mail addresses, also spelt out ("ada at example dot com"). */
import { spansOf, type Recogniser } from '../span';

/** The lookbehind starts each run once, which keeps long texts without "@" linear. */
const ADDRESS =
  /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{1,63}/gu;
const LOCAL_HOST = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{2,63}(?![\p{L}\p{N}.@-])/gu;
const SPELT_OUT =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}\s{0,2}(?:\(at\)|\[at\]|\sat\s)\s{0,2}[\p{L}\p{N}-]{1,63}(?:\s{0,2}(?:\(dot\)|\[dot\]|\sdot\s)\s{0,2}[\p{L}\p{N}-]{2,63}){1,4}/giu;

export const recogniseEmail: Recogniser = (view) =>
  [ADDRESS, LOCAL_HOST, SPELT_OUT].flatMap((pattern) => spansOf(view, pattern, 'email'));
