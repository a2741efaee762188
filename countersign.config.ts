import type { OpenAiCompatibleEndpoint, Provider } from './contract/model';
import type { ModelRef, Pack } from './contract/pack';
import { credentialingPack } from './packs/credentialing/pack';
import { farmPack } from './packs/farm/pack';

export interface Configuration {
  /** What this installation does: purposes, record types and evals, each pack a folder or a package. */
  readonly packs: readonly Pack[];
  /** Providers of models beside `local` and `bedrock`, made with `defineProvider`. */
  readonly providers?: readonly Provider[];
  /**
   * What questions and passages are embedded by, e.g. Titan Text Embeddings v2 at Bedrock; 1024 numbers. Without it, by the
   * local stand-in, under which texts are near when they share words. After a change everything is embedded once more.
   */
  readonly embedding?: ModelRef;
  /** Endpoints that speak OpenAI's wire, each a provider of its own. */
  readonly endpoints?: readonly OpenAiCompatibleEndpoint[];
}

export const config: Configuration = { packs: [farmPack, credentialingPack] };
