import { answerFarmNote } from '../../activities/gateway/providers/local/farm/farm-notes';
import { createLocalProvider } from '../../activities/gateway/providers/local/provider';
import { answerJsonSchema } from '../../activities/gateway/providers/json-schema';
import type { ModelOutput, TenantFacts } from '../../contract/pack';
import { record } from '../../packs/farm/purposes/record';

const provider = createLocalProvider({ tasks: { [record.model.model]: answerFarmNote } });

/**
 * What the local model answers for one note: through the purpose's prompt, the provider and the output's schema, as in a
 * run, without the scrubber.
 */
export async function readByLocalModel(
  input: { readonly note: string; readonly occurred_at: string },
  tenant: TenantFacts,
): Promise<ModelOutput> {
  const answer = await provider.complete({
    ref: record.model,
    purpose: record.name,
    prompt: record.prompt({ tenant, input: record.input.parse(input), passages: [] }),
    outputSchema: answerJsonSchema(record.output),
    maxOutputTokens: record.bounds.maxOutputTokens,
    signal: new AbortController().signal,
  });
  return record.output.parse(answer.output);
}
