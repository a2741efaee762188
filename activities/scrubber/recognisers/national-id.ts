/**
 * National numbers with a form of their own: social security (US) and taxpayers' of the same form, national insurance (GB),
 * tax pins (KE). Numbers that only their label tells (NIN of Nigeria, identity cards of Kenya) are in `identifiers.ts`.
 */
import { spansOf, type Recogniser } from '../span';

const DASHED = /(?<![\d-])\d{3}-\d{2}-\d{4}(?!-?\d)/gu;
/** Other separators are common in counts and weights too: only areas, groups and serials that were ever issued. */
const SEPARATED = /(?<![\d.])(?!000|666|9\d\d)\d{3}([ .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d.]\d|\d)/gu;
const NATIONAL_INSURANCE =
  /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?![\p{L}\p{N}])/gu;
const TAX_PIN = /(?<![\p{L}\p{N}])[AP]\d{9}[A-Z](?![\p{L}\p{N}])/gu;
const TAX_NUMBER = /(?<![\p{L}\p{N}-])(?:tin|tax\s+id)\W{0,4}(?:no\.?\W{0,3})?(?<id>\d{8}-\d{4})(?!\d)/dgiu;

export const recogniseNationalId: Recogniser = (view) =>
  [DASHED, SEPARATED, NATIONAL_INSURANCE, TAX_PIN, TAX_NUMBER].flatMap((pattern) =>
    spansOf(view, pattern, 'ssn'),
  );
