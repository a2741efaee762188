import type { Pack } from './contract/pack';
import { credentialingPack } from './packs/credentialing/pack';
import { farmPack } from './packs/farm/pack';

export interface Configuration {
  /** What this installation does: purposes, record types and evals, each pack a folder or a package. */
  readonly packs: readonly Pack[];
}

export const config: Configuration = { packs: [farmPack, credentialingPack] };
