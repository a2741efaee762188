import type { Pack, RecordType } from '../../contract/pack';
import { config } from '../../countersign.config';

/** How long a gate is open whose expiry is to meet its verdicts, when time runs as it does. */
const SOON = 'PT2S';

/**
 * The farm's record types, with the chain of roles that escalation climbs: a sale takes one seat and deaths take two of
 * people who did not ask; an expense and a symptom are the same, and due almost at once.
 */
const TERMS: Readonly<Record<string, { readonly seats: 1 | 2; readonly expires: boolean }>> = {
  sale: { seats: 1, expires: false },
  mortality: { seats: 2, expires: false },
  expense: { seats: 1, expires: true },
  symptom: { seats: 2, expires: true },
};

function raced(type: RecordType): RecordType {
  const terms = TERMS[type.name];
  if (terms === undefined) return type;
  const { seats, expires } = terms;
  return {
    ...type,
    gate: {
      ...type.gate,
      seats,
      separation: seats > 1 ? 'n_of_m' : 'none',
      reminderAfter: expires ? 'PT0.6S' : 'P1D',
      chain: [
        { after: expires ? 'PT1.2S' : 'P3D', role: 'senior' },
        { after: expires ? 'PT1.6S' : 'P5D', role: 'admin' },
      ],
      expiresAfter: expires ? SOON : 'P14D',
    },
  };
}

export const RACE_PACKS: readonly Pack[] = config.packs.map((pack) => ({
  ...pack,
  recordTypes: pack.recordTypes.map(raced),
}));
