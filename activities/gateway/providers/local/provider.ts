/**
 * The local provider: rules on a real NLP library, not a language model. It never guesses: a task that has no rules for a
 * purpose abstains, and what a task does not understand stays empty.
 */
import {
  ProviderError,
  type CompletionAnswer,
  type CompletionRequest,
  type EmbeddingAnswer,
  type Provider,
  type Usage,
} from '../../../../contract/model';
import type { ModelOutput } from '../../../../contract/pack';
import { parseJsonDocument } from '../json-document';
import { embedHashedFeatures, LOCAL_EMBEDDING_MODEL } from './embedding';

/** Reads the prompt's user document (`{purpose, tenant, input, passages}`); null when it has no rules for the purpose. */
export type LocalTask = (userDocument: unknown) => ModelOutput | null;

export interface LocalProviderOptions {
  /** Tasks by model name, e.g. `farm-notes-1`. */
  readonly tasks: Readonly<Record<string, LocalTask>>;
}

/** What the provider answers when no rule speaks for the purpose. */
export const ABSTENTION: ModelOutput = {
  proposals: [],
  confidence_permille: 0,
  confidence_origin: 'Rules, not a language model, and none for this purpose: nothing is proposed',
};

const BYTES_PER_TOKEN = 4;

/** The stated rule by which local calls are counted: UTF-8 bytes divided by four, rounded up. */
export function localTokenCount(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / BYTES_PER_TOKEN);
}

/**
 * Makes the provider with vendor `local`. `complete` fails with `model_refused` for an unknown model, a prompt that is not
 * one JSON document or nests deeper than 32, and a task that breaks; with `model_malformed` for an answer that is longer
 * than allowed; with `model_timeout` when the call was withdrawn. Nothing is ever billed.
 */
export function createLocalProvider({ tasks }: LocalProviderOptions): Provider {
  const byModel = new Map(Object.entries(tasks));
  return {
    vendor: 'local',
    complete: async (request) => {
      assertWanted(request.signal);
      const task = byModel.get(request.ref.model);
      if (task === undefined) throw refused();
      return answerOf(task, request);
    },
    embed: async ({ ref, text, signal }): Promise<EmbeddingAnswer> => {
      assertWanted(signal);
      if (ref.model !== LOCAL_EMBEDDING_MODEL) throw refused();
      return {
        embedding: embedHashedFeatures(text),
        usage: usageOf(localTokenCount(text), 0),
        providerRequestId: null,
      };
    },
  };
}

function answerOf(task: LocalTask, { prompt, maxOutputTokens }: CompletionRequest): CompletionAnswer {
  const written = writtenAnswer(task, prompt.user);
  const outputTokens = localTokenCount(written);
  if (outputTokens > maxOutputTokens) throw new ProviderError('model_malformed', 'fail', false);
  return {
    output: JSON.parse(written),
    usage: usageOf(localTokenCount(prompt.system) + localTokenCount(prompt.user), outputTokens),
    providerRequestId: null,
  };
}

/** The answer as JSON text. What a task throws may quote the prompt, so it goes no further than here. */
function writtenAnswer(task: LocalTask, userDocument: string): string {
  try {
    return JSON.stringify(task(parseJsonDocument(userDocument)) ?? ABSTENTION);
  } catch {
    throw refused();
  }
}

function usageOf(inputTokens: number, outputTokens: number): Usage {
  return { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 };
}

function assertWanted(signal: AbortSignal): void {
  if (signal.aborted) throw new ProviderError('model_timeout', 'retry', false);
}

function refused(): ProviderError {
  return new ProviderError('model_refused', 'fail', false);
}
