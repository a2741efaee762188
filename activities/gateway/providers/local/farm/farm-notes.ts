/**
 * The local model `farm-notes-1`: farm notes into drafts of records by rules on an NLP library. It is no language model;
 * advice and lasting facts are beyond its rules, and it abstains from them.
 */
import { z } from 'zod';
import type { ModelOutput, ModelProposal } from '../../../../../contract/pack';
import { readNote } from './note-reader';

/** The definition of the confidence, in the words that the run shows. */
export const CONFIDENCE_ORIGIN =
  'Farm notes read by rules, not a language model: share of required fields read unambiguously';
const CUT_ORIGIN =
  'Farm notes read by rules, not a language model: the note states more than one answer can hold, the rest is not read';
const UNREADABLE_ORIGIN =
  'Farm notes read by rules, not a language model: the note or its time could not be read';

const PROPOSALS_MAX = 20;
/** Stays below the output that the purpose allows, at four bytes a token, with room for the frame of the answer. */
const ANSWER_BYTES_MAX = 15_000;

const userDocument = z.object({
  purpose: z.string(),
  tenant: z.object({ currency: z.string(), time_zone: z.string(), places: z.array(z.string()) }),
  input: z.object({ note: z.string(), occurred_at: z.string() }),
});

function withoutQuotes(proposal: ModelProposal): ModelProposal {
  return { ...proposal, sources: proposal.sources.map(({ field, start, end }) => ({ field, start, end })) };
}

function bytesOf(proposals: readonly ModelProposal[]): number {
  return Buffer.byteLength(JSON.stringify(proposals), 'utf8');
}

/** As many proposals as one answer may hold; quotes are given up first, since their offsets say the same. */
function fitting(proposals: readonly ModelProposal[]): readonly ModelProposal[] {
  const first = proposals.slice(0, PROPOSALS_MAX);
  if (bytesOf(first) <= ANSWER_BYTES_MAX) return first;
  const bare = first.map(withoutQuotes);
  while (bytesOf(bare) > ANSWER_BYTES_MAX) bare.pop();
  return bare;
}

function meanConfidence(proposals: readonly ModelProposal[]): number {
  const sum = proposals.reduce((total, one) => total + one.confidence_permille, 0);
  return proposals.length === 0 ? 1000 : Math.floor(sum / proposals.length);
}

/**
 * Answers the purpose `farm.record`; null, which means abstention, for every other purpose. Pure and deterministic.
 * @param document the prompt's user document, parsed
 */
export function answerFarmNote(document: unknown): ModelOutput | null {
  const purpose = z.object({ purpose: z.string() }).safeParse(document);
  if (!purpose.success || purpose.data.purpose !== 'farm.record') return null;
  const parsed = userDocument.safeParse(document);
  const { tenant, input } = parsed.data ?? {};
  const read =
    tenant === undefined || input === undefined
      ? null
      : readNote(input.note, input.occurred_at, {
          currency: tenant.currency,
          timeZone: tenant.time_zone,
          places: tenant.places,
        });
  if (read === null) return { proposals: [], confidence_permille: 0, confidence_origin: UNREADABLE_ORIGIN };
  const proposals = fitting(read);
  const isCut = proposals.length < read.length;
  return {
    proposals,
    confidence_permille: isCut ? 0 : meanConfidence(proposals),
    confidence_origin: isCut ? CUT_ORIGIN : CONFIDENCE_ORIGIN,
  };
}
