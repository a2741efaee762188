import { z } from 'zod';
import { instant, natural64 } from './primitives';

const band = z.string().meta({ description: 'Of the model’s confidence, e.g. 0.8–0.9' });

/** What a gate shows of how often reviewers agreed with the same model, asked for the same, when it was as sure. */
export const gateAgreement = z
  .object({
    band,
    agreed: natural64.meta({ description: 'Approved as they were drafted' }),
    decided: natural64.meta({ description: 'Approved, also with edits, or rejected, by reviewers' }),
  })
  .meta({ id: 'GateAgreement' });
export type GateAgreement = z.infer<typeof gateAgreement>;

/** One purpose, model and band. */
export const agreementCell = z.object({
  purpose: z.string(),
  vendor: z.string(),
  model: z.string(),
  band,
  agreed: natural64,
  edited: natural64.meta({ description: 'Approved with edits' }),
  rejected: natural64,
  decided: natural64,
});

/** Agreement of reviewers with models, of gates that closed in the time that was asked about. */
export const agreement = z
  .object({
    items: z.array(agreementCell),
    shown_from: natural64.meta({
      description: 'From how many decisions on a gate shows its reviewers the agreement of its band',
    }),
  })
  .meta({ id: 'Agreement' });
export type Agreement = z.infer<typeof agreement>;

export const agreementQuery = z.strictObject({
  purpose: z.string().max(100).optional(),
  vendor: z.string().max(60).optional(),
  model: z.string().max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
