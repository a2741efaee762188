import type { Eval, EvalContext, EvalResult, ModelProposal, Passage } from '../../../../contract/pack';
import { farmPack } from '../../../../packs/farm/pack';

export const NOTE = '12 broilers died in House 3 and we sold 30 crates of eggs for ₦45,000';

export const SALE: ModelProposal = {
  record_type: 'sale',
  payload: {
    item: 'eggs',
    quantity: '30',
    unit: 'crate',
    total_minor: '4500000',
    currency: 'NGN',
    occurred_on: '2025-11-19',
  },
  confidence_permille: 1000,
  sources: [{ field: 'note', start: 32, end: 70, quote: NOTE.slice(32, 70) }],
  missing: [],
};

interface Changes {
  readonly note?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly proposal?: Partial<ModelProposal>;
  readonly passages?: readonly Passage[];
  readonly currency?: string;
  readonly confidence?: number;
  readonly origin?: string;
}

/** The right answer to the note, with changes that make it another. */
export function context(changes: Changes = {}): EvalContext {
  const payload = { ...SALE.payload, ...changes.payload };
  const proposal: ModelProposal = { ...SALE, payload, ...changes.proposal };
  return {
    tenant: {
      id: 'farm-of-tests',
      kind: 'farm',
      currency: changes.currency ?? 'NGN',
      time_zone: 'Africa/Lagos',
      places: ['House 3'],
    },
    input: changes.input ?? { note: changes.note ?? NOTE, occurred_at: '2025-11-19T17:40:00+01:00' },
    passages: changes.passages ?? [],
    output: {
      proposals: [proposal],
      confidence_permille: changes.confidence ?? 1000,
      confidence_origin: changes.origin ?? 'share of required fields read unambiguously',
    },
    proposal,
    recordType: farmPack.recordTypes.find((one) => one.name === proposal.record_type),
  };
}

export function verdictOf(evaluated: Eval, changes: Changes = {}): EvalResult {
  return evaluated.evaluate(context(changes));
}

export const BLOCKED = { verdict: 'fail', severity: 'block' } as const;
export const FLAGGED = { verdict: 'fail', severity: 'flag' } as const;
export const PASSED = { verdict: 'pass' } as const;
