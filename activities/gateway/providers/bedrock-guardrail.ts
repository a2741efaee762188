/**
 * A guardrail that is passed on with Converse looks neither into tool definitions nor into what a model gives a tool, and
 * that is where our answers are: so the answer is shown to it by `ApplyGuardrail` before anybody else sees it.
 */
import {
  ApplyGuardrailCommand,
  type ApplyGuardrailCommandOutput,
  type BedrockRuntimeClient,
} from '@aws-sdk/client-bedrock-runtime';
import { ProviderError } from '../../../contract/model';
import { bedrockError } from './bedrock-errors';
import { MALFORMED_ANSWER, providerError, timed, type Failure } from './failure';

export interface Guardrail {
  readonly identifier: string;
  readonly version: string;
}

/** The guardrail, or the service that applies it, said no: the model has been asked and is paid by then. */
export const GUARDRAIL_INTERVENED: Failure = { code: 'model_refused', kind: 'fail', mayBeBilled: true };

/**
 * Lets the guardrail read an answer.
 * @throws ProviderError when it intervenes, and when it can't be asked: an answer that was not judged is none
 */
export async function applyGuardrail(
  client: BedrockRuntimeClient,
  { identifier, version }: Guardrail,
  answer: unknown,
  { signal, requestMs }: { readonly signal: AbortSignal; readonly requestMs: number },
): Promise<void> {
  const command = new ApplyGuardrailCommand({
    guardrailIdentifier: identifier,
    guardrailVersion: version,
    source: 'OUTPUT',
    content: [{ text: { text: JSON.stringify(answer) } }],
  });
  const { action }: Partial<ApplyGuardrailCommandOutput> = await timed(
    signal,
    requestMs,
    (abortSignal) => client.send(command, { abortSignal }),
    (thrown) => bedrockError(thrown, new Date()),
  ).catch((error: unknown) => {
    throw error instanceof ProviderError ? afterTheAnswer(error) : error;
  });
  if (action === 'NONE') return;
  throw providerError(action === 'GUARDRAIL_INTERVENED' ? GUARDRAIL_INTERVENED : MALFORMED_ANSWER);
}

/** Whatever stops the guardrail comes after an answer that is billed, so it is tried once more at most. */
function afterTheAnswer({ code, kind, retryAfterMs }: ProviderError): ProviderError {
  const failure: Failure = { code, kind: kind === 'fail' ? 'fail' : 'retry_once', mayBeBilled: true };
  return providerError(failure, retryAfterMs);
}
