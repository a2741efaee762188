/** Builds packets for the tests of the local criteria check, and reads the examples. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  checkCriteria,
  checkCriteriaAgain,
} from '../../../../activities/gateway/providers/local/credentialing/criteria-check';
import type { ModelOutput } from '../../../../contract/pack';
import { privilegeGrantPayload } from '../../../../packs/credentialing/record-types/privilege-grant';

export const AS_OF = '2026-11-20';
export const NAME = 'Quentin Samplewell';

export type Status = 'met' | 'not_met' | 'unknown';
export type Standing = 'verified' | 'lapsed' | 'unverified';

export interface FactToBuild {
  readonly kind: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly standing?: Standing;
}

const UNTIL: Readonly<Record<Standing, string | undefined>> = {
  verified: '2026-11-21',
  lapsed: AS_OF,
  unverified: undefined,
};

/** A user document with one criterion, or several, over facts and pages. */
export function packet(
  criteria: readonly Readonly<Record<string, unknown>>[],
  facts: readonly FactToBuild[],
  documents: readonly { readonly title?: string; readonly pages: readonly string[] }[] = [],
): { readonly input: Readonly<Record<string, unknown>> } {
  return {
    input: {
      subject: { id: 'subject-1', name: NAME },
      privilege: { code: 'GS-214', title: 'Laparoscopic cholecystectomy' },
      category: 'renewal',
      as_of: AS_OF,
      criteria: criteria.map((one, index) => ({ code: `C${index}`, label: `Criterion ${index}`, ...one })),
      facts: facts.map(({ kind, value, standing = 'verified' }, index) => ({
        trust_record_id: `019aa1f0-0000-7000-8000-${String(index).padStart(12, '0')}`,
        kind,
        tier: standing === 'unverified' ? 3 : 4,
        ...(UNTIL[standing] === undefined
          ? {}
          : {
              verified_until: UNTIL[standing],
              receipt_id: `019aa1f0-1111-7000-8000-${String(index).padStart(12, '0')}`,
            }),
        value,
      })),
      documents: documents.map(({ title = 'Document', pages }, index) => ({
        id: `document-${index}`,
        title,
        pages: pages.map((text, page) => ({ page: page + 1, text })),
      })),
    },
  };
}

/** The one proposal's payload; fails the test when there is none. */
export function payloadOf(output: ModelOutput): z.infer<typeof privilegeGrantPayload> {
  return privilegeGrantPayload.parse(output.proposals[0]?.payload);
}

export interface Answered {
  readonly status: Status;
  readonly confidence: number;
  readonly reason: string;
}

function answered(output: ModelOutput): Answered {
  const [first] = payloadOf(output).criteria;
  if (first === undefined) throw new Error('no criterion was answered');
  return { status: first.status, confidence: output.confidence_permille, reason: first.reason };
}

/** How primary and advisor answer the first criterion. */
export function answers(document: unknown): { readonly primary: Answered; readonly advisor: Answered } {
  return { primary: answered(checkCriteria(document)), advisor: answered(checkCriteriaAgain(document)) };
}

const EXAMPLES = join(__dirname, '../../../../examples/packets');

/** An example's input. */
export function example(name: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8'));
  return z.record(z.string(), z.unknown()).parse(parsed);
}

export const PRIVILEGING_EXAMPLES = [
  'complete',
  'advisor',
  'advisor-settles',
  'expiring',
  'conflict',
] as const;
