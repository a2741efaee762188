/** The farm of these tests, and the short way to what the local model reads in a note. */
import { answerFarmNote } from '../../../../activities/gateway/providers/local/farm/farm-notes';
import type { ModelOutput, ModelProposal, TenantFacts } from '../../../../contract/pack';

export const TENANT: TenantFacts = {
  id: 'farm-of-tests',
  kind: 'farm',
  currency: 'NGN',
  time_zone: 'Africa/Lagos',
  places: ['House 1', 'House 2', 'House 3', 'Pen A', 'Pen B', 'Pond 1', 'North barn'],
};

/** A Wednesday. */
export const OCCURRED_AT = '2025-11-19T17:40:00+01:00';
export const TODAY = '2025-11-19';

export function answer(
  note: string,
  tenant: Partial<TenantFacts> = {},
  occurredAt: string = OCCURRED_AT,
): ModelOutput {
  const document = {
    purpose: 'farm.record',
    tenant: { ...TENANT, ...tenant },
    input: { note, occurred_at: occurredAt },
    passages: [],
  };
  const output = answerFarmNote(document);
  if (output === null) throw new Error('the model abstained from its own purpose');
  return output;
}

export function proposals(note: string, tenant: Partial<TenantFacts> = {}): readonly ModelProposal[] {
  return answer(note, tenant).proposals;
}

/** The one proposal of a note. */
export function only(note: string, tenant: Partial<TenantFacts> = {}): ModelProposal {
  const [first, ...others] = proposals(note, tenant);
  if (first === undefined || others.length > 0) throw new Error(`not one proposal for: ${note}`);
  return first;
}

/** Record types in the order in which they were read. */
export function types(note: string): string[] {
  return proposals(note).map((one) => one.record_type);
}
