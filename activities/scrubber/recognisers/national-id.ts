/** Social security numbers (US), taxpayer numbers of the same form, and national insurance numbers (GB). */
import { spansOf, type Recogniser } from '../span';

const DASHED = /(?<![\d-])\d{3}-\d{2}-\d{4}(?!-?\d)/gu;
/** Other separators are common in counts and weights too: only areas, groups and serials that were ever issued. */
const SEPARATED = /(?<![\d.])(?!000|666|9\d\d)\d{3}([ .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d.]\d|\d)/gu;
const NATIONAL_INSURANCE =
  /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?![\p{L}\p{N}])/gu;

export const recogniseNationalId: Recogniser = (view) =>
  [DASHED, SEPARATED, NATIONAL_INSURANCE].flatMap((pattern) => spansOf(view, pattern, 'ssn'));
