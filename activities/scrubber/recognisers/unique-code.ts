/** Codes that are unique by their form: UUIDs. Labelled ones ("ref no") are in `identifiers.ts`. */
import { spansOf, type Recogniser } from '../span';

const UUID =
  /(?<![\p{L}\p{N}-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\p{L}\p{N}-])/giu;

export const recogniseUniqueCode: Recogniser = (view) => spansOf(view, UUID, 'code');
