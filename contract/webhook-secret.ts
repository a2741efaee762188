import { randomBytes } from 'node:crypto';
import { secretContext, sealTo } from './sealed-box';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export interface SealedFor {
  readonly tenantId: string;
  readonly endpointId: string;
  /** Which one of the endpoint's secrets it is, from 1 on. */
  readonly ordinal: number;
}

export interface MintedSecret {
  /** As the Standard Webhooks specification writes it; shown once. */
  readonly secret: string;
  readonly sealed: Buffer;
}

/** A new secret of a webhook, and the same sealed to the workers' public key for that endpoint and place alone. */
export function mintWebhookSecret(
  publicKey: Buffer,
  { tenantId, endpointId, ordinal }: SealedFor,
): MintedSecret {
  const bytes = randomBytes(SECRET_BYTES);
  return {
    secret: `${PREFIX}${bytes.toString('base64')}`,
    sealed: sealTo(publicKey, secretContext(tenantId, endpointId, ordinal), bytes),
  };
}
