import type { OpenAiCompatibleEndpoint, Provider } from '../../contract/model';
import { requiredSetting, setting } from '../../environment/setting';
import { createBedrockProvider, type BedrockProviderOptions } from './providers/bedrock';
import { checkCriteria, checkCriteriaAgain } from './providers/local/credentialing/criteria-check';
import { readFacts } from './providers/local/credentialing/fact-reader';
import { answerFarmNote } from './providers/local/farm/farm-notes';
import { createLocalProvider } from './providers/local/provider';
import { createOpenAiCompatibleProvider } from './providers/openai-compatible';

const CONNECTION_MS = 5_000;
const REQUEST_MS = 120_000;

/** What an installation brings beside the providers of the product. */
export interface ConfiguredProviders {
  readonly providers?: readonly Provider[];
  readonly endpoints?: readonly OpenAiCompatibleEndpoint[];
}

/**
 * The model providers of this installation, by vendor. Credentials and endpoint of Bedrock are the AWS SDK's own settings
 * (`AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, its credential chain, web identity among them).
 *
 * @param bedrockOptions what is to be used in place of those
 * @throws Error when two providers have one vendor, or a setting is missing or can't be meant
 */
export function createProviders(
  bedrockOptions: Partial<BedrockProviderOptions> = {},
  { providers = [], endpoints = [] }: ConfiguredProviders = {},
): ReadonlyMap<string, Provider> {
  const local = createLocalProvider({
    tasks: {
      'criteria-check-1': checkCriteria,
      'criteria-advisor-1': checkCriteriaAgain,
      'fact-reader-1': readFacts,
      'farm-notes-1': answerFarmNote,
    },
  });
  const bedrock = createBedrockProvider({ ...bedrockSettings(), ...bedrockOptions });
  const byVendor = new Map<string, Provider>();
  for (const provider of [local, bedrock, ...providers, ...endpoints.map(endpointProvider)]) {
    if (byVendor.has(provider.vendor)) throw new Error(`The vendor ${provider.vendor} has two providers.`);
    byVendor.set(provider.vendor, provider);
  }
  return byVendor;
}

function endpointProvider({ apiKeySetting, ...endpoint }: OpenAiCompatibleEndpoint): Provider {
  const apiKey = apiKeySetting === undefined ? undefined : requiredSetting(apiKeySetting);
  return createOpenAiCompatibleProvider({ ...endpoint, apiKey });
}

function bedrockSettings(): BedrockProviderOptions {
  const profile = setting('COUNTERSIGN_BEDROCK_PROFILE');
  const identifier = setting('COUNTERSIGN_BEDROCK_GUARDRAIL');
  return {
    region: setting('AWS_REGION') ?? 'us-east-1',
    timeouts: { connectionMs: CONNECTION_MS, requestMs: REQUEST_MS },
    ...(profile === undefined ? {} : { profile }),
    ...(identifier === undefined
      ? {}
      : { guardrail: { identifier, version: requiredSetting('COUNTERSIGN_BEDROCK_GUARDRAIL_VERSION') } }),
  };
}
