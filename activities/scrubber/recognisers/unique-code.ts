/** Codes that are unique by their form: UUIDs, and numbers counted within a year ("OR-2024-0017"). Labelled ones ("ref no") are in `identifiers.ts`. */
import { spansOf, type Recogniser } from '../span';

const UUID =
  /(?<![\p{L}\p{N}-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\p{L}\p{N}-])/giu;

/** A series, a year and a count; a catalogue's code ("GS-214") has no year. */
const COUNTED_IN_YEAR = /(?<![\p{L}\p{N}-])[A-Z]{1,6}[-/](?:19|20)\d{2}[-/]\d{2,8}(?![\p{L}\p{N}]|[-/]\d)/gu;

export const recogniseUniqueCode: Recogniser = (view) => [
  ...spansOf(view, UUID, 'code'),
  ...spansOf(view, COUNTED_IN_YEAR, 'code'),
];
