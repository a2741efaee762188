import type { Provider } from '../../contract/model';
import { createBedrockProvider, type BedrockProviderOptions } from './providers/bedrock';
import { checkCriteria, checkCriteriaAgain } from './providers/local/credentialing/criteria-check';
import { readFacts } from './providers/local/credentialing/fact-reader';
import { answerFarmNote } from './providers/local/farm/farm-notes';
import { createLocalProvider } from './providers/local/provider';

const CONNECTION_MS = 5_000;
const REQUEST_MS = 120_000;

/**
 * The model providers of this installation, by vendor. Credentials, region and endpoint of Bedrock are the AWS SDK's own
 * settings (`AWS_REGION`, `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, its credential chain), so that its role stays its own.
 *
 * @param bedrockOptions what is to be used in place of those
 */
export function createProviders(
  bedrockOptions: Partial<BedrockProviderOptions> = {},
): ReadonlyMap<string, Provider> {
  const local = createLocalProvider({
    tasks: {
      'criteria-check-1': checkCriteria,
      'criteria-advisor-1': checkCriteriaAgain,
      'fact-reader-1': readFacts,
      'farm-notes-1': answerFarmNote,
    },
  });
  const bedrock = createBedrockProvider({
    region: process.env.AWS_REGION ?? 'us-east-1',
    timeouts: { connectionMs: CONNECTION_MS, requestMs: REQUEST_MS },
    ...bedrockOptions,
  });
  return new Map<string, Provider>([
    ['local', local],
    ['bedrock', bedrock],
  ]);
}
