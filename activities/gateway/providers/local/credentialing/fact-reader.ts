/**
 * Reads facts from one document by rules: licences, board certifications, training. It fills only what the document
 * states once and clearly, names what it left out, and never gives more than tier 3 (processed).
 */
import type { ModelOutput, ModelProposal, SourceSpan } from '../../../../../contract/pack';
import { certificationIn, licenceIn, trainingIn, type FactKind, type ReadFields } from './fact-fields';
import { unitsOf } from './fact-units';
import { ownerOf } from './subject';
import { readSingleDocument, type Document } from './user-document';

/** The definition of the confidence, in the words that the run shows. */
export const READING_CONFIDENCE_ORIGIN =
  'Fact reader by rules, not a language model: share of the fields that the document states clearly';

const TIER_PROCESSED = 3;
const PROPOSALS_MAX = 20;

const FIELDS: Readonly<Record<FactKind, readonly string[]>> = {
  licence: ['state', 'number', 'status', 'expires_on'],
  board_certification: ['board', 'status', 'expires_on'],
  training: ['level', 'programme', 'from', 'until'],
};

interface Read {
  readonly kind: FactKind;
  /** What tells this fact from others of its kind. */
  readonly key: string;
  readonly fields: ReadFields;
  readonly sources: readonly SourceSpan[];
}

function keyOf(kind: FactKind, fields: ReadFields): string {
  const names = kind === 'licence' ? ['state'] : kind === 'training' ? ['level', 'programme'] : ['board'];
  return names.map((name) => [...(fields.get(name) ?? [])].join('/').toLowerCase()).join(' ');
}

function readsOf(document: Document): Read[] {
  return document.pages.flatMap((page) =>
    unitsOf(page).flatMap(({ kind, text, source }): Read[] => {
      const fields = { licence: licenceIn, board_certification: certificationIn, training: trainingIn }[kind](
        text,
      );
      return fields === null ? [] : [{ kind, key: keyOf(kind, fields), fields, sources: [source] }];
    }),
  );
}

/** Joins what is said in several places about the same fact: every value that was read, by field. */
function joined(reads: readonly Read[]): Read[] {
  const byKey = new Map<string, Read>();
  for (const read of reads) {
    const key = `${read.kind} ${read.key}`;
    const earlier = byKey.get(key);
    if (earlier === undefined) {
      byKey.set(key, read);
      continue;
    }
    const fields = new Map<string, ReadonlySet<string>>();
    for (const name of FIELDS[read.kind])
      fields.set(name, new Set([...(earlier.fields.get(name) ?? []), ...(read.fields.get(name) ?? [])]));
    byKey.set(key, { ...earlier, fields, sources: [...earlier.sources, ...read.sources] });
  }
  return [...byKey.values()];
}

function proposalOf(read: Read, subjectId: string): ModelProposal {
  const names = FIELDS[read.kind];
  const value: Record<string, string> = {};
  for (const name of names) {
    const [only, ...others] = read.fields.get(name) ?? [];
    // Said in two ways is not said: the reviewer sees both in the sources.
    if (only !== undefined && others.length === 0) value[name] = only;
  }
  const missing = names.filter((name) => !Object.hasOwn(value, name));
  return {
    record_type: 'trust_fact',
    payload: { subject_id: subjectId, kind: read.kind, tier: TIER_PROCESSED, value },
    confidence_permille: Math.floor((1000 * (names.length - missing.length)) / names.length),
    sources: read.sources,
    missing: missing.map((name) => `value.${name}`),
  };
}

/**
 * Reads the facts of a document. Pure and deterministic; throws for no input. A document that names another person as
 * its subject gives none.
 * @param userDocument the prompt's user document, as text or parsed
 */
export function readFacts(userDocument: unknown): ModelOutput {
  const asked = readSingleDocument(userDocument);
  const isReadable = asked !== null && ownerOf(asked.document, asked.subjectName) !== 'other';
  const proposals = isReadable
    ? joined(readsOf(asked.document))
        .slice(0, PROPOSALS_MAX)
        .map((read) => proposalOf(read, asked.subjectId))
    : [];
  const lowest = Math.min(...proposals.map((one) => one.confidence_permille));
  return {
    proposals,
    confidence_permille: proposals.length === 0 ? 0 : lowest,
    confidence_origin: READING_CONFIDENCE_ORIGIN,
  };
}
