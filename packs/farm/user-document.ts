import type { PromptContext } from '../../contract/pack';

/** The user part of a prompt: one JSON document, so that nothing in a note can pass for an instruction. */
export function userDocument(purpose: string, { tenant, input, passages }: PromptContext): string {
  return JSON.stringify({
    purpose,
    tenant: { currency: tenant.currency, time_zone: tenant.time_zone, places: tenant.places },
    input,
    passages,
  });
}
