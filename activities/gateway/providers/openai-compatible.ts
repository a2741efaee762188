/**
 * Any endpoint that speaks OpenAI's wire (vLLM, Ollama, a company's own gateway), without an SDK. The answer is forced
 * into one tool, or into a JSON Schema where a server knows no forced tools; either way it is judged like any other.
 * The address comes from the configuration, and is never followed anywhere else.
 */
import { z } from 'zod';
import type {
  CompletionAnswer,
  CompletionRequest,
  EmbeddingAnswer,
  OpenAiCompatibleEndpoint,
  Provider,
  Usage,
} from '../../../contract/model';
import type { ModelRef } from '../../../contract/pack';
import {
  lookUp,
  MALFORMED_ANSWER,
  NOT_OURS,
  providerError,
  REFUSED_AFTER_READING,
  retryAfterMs,
  timed,
} from './failure';
import { parseJsonDocument } from './json-document';
import { EMBEDDING_DIMENSIONS } from './local/embedding';
import { fetchError, FINISH_FAILURES, httpFailure } from './openai-errors';
import { postJson, type PostAnswer } from './post-json';

export interface OpenAiCompatibleOptions extends Omit<OpenAiCompatibleEndpoint, 'apiKeySetting'> {
  readonly apiKey?: string | undefined;
  /** For the whole call, from the first byte sent to the last received. */
  readonly requestMs?: number;
  readonly responseBytesMax?: number;
}

const ANSWER = 'answer';
const REQUEST_MS = 120_000;
const RESPONSE_BYTES_MAX = 8_000_000;
/** The wire's own levels around an answer that may itself be as deep as any JSON of ours. */
const ENVELOPE_DEPTH_MAX = 48;

/**
 * Makes a provider for an endpoint. Fails only with `ProviderError`s, by the tables in `openai-errors.ts`.
 * @throws Error when the address is none that text may be sent to
 */
export function createOpenAiCompatibleProvider(options: OpenAiCompatibleOptions): Required<Provider> {
  const base = baseAddress(options);
  const send = async (path: string, body: object, signal: AbortSignal): Promise<Reply> => {
    const answer = await timed(
      signal,
      options.requestMs ?? REQUEST_MS,
      (abortSignal) =>
        postJson({
          url: new URL(path, base),
          headers: options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` },
          body,
          signal: abortSignal,
          responseBytesMax: options.responseBytesMax ?? RESPONSE_BYTES_MAX,
        }),
      fetchError,
    );
    return replyOf(answer);
  };
  const assertOurs = ({ vendor, region }: ModelRef): void => {
    if (vendor !== options.vendor || region !== options.region) throw providerError(NOT_OURS);
  };
  return {
    vendor: options.vendor,
    complete: async (request) => {
      assertOurs(request.ref);
      const reply = await send('chat/completions', completionBody(request, options), request.signal);
      return completionOf(reply, options.structure ?? 'tool');
    },
    embed: async ({ ref, text, signal }) => {
      assertOurs(ref);
      const body = { model: ref.model, input: text, encoding_format: 'float' };
      return embeddingOf(await send('embeddings', body, signal));
    },
  };
}

interface Reply {
  readonly body: unknown;
  readonly requestId: string | null;
}

/** Plain HTTP is for this machine, or for a network that the configuration calls its own. */
function baseAddress({ vendor, baseUrl, plainHttp = false }: OpenAiCompatibleOptions): URL {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (isLoopback || plainHttp)))
    throw new Error(`The address of ${vendor} must begin with https://, or say plainHttp.`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error(`The address of ${vendor} is a path alone: no key, no query.`);
  return url;
}

function completionBody(request: CompletionRequest, options: OpenAiCompatibleOptions): object {
  const temperature = options.temperature === undefined ? 0 : options.temperature;
  return {
    model: request.ref.model,
    messages: [
      { role: 'system', content: request.prompt.system },
      { role: 'user', content: request.prompt.user },
    ],
    [options.lengthField ?? 'max_tokens']: request.maxOutputTokens,
    ...(temperature === null ? {} : { temperature }),
    stream: false,
    ...(options.structure === 'json_schema'
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: ANSWER, schema: request.outputSchema },
          },
        }
      : {
          tools: [
            {
              type: 'function',
              function: {
                name: ANSWER,
                description: 'Give the whole answer as the arguments of this function.',
                parameters: request.outputSchema,
              },
            },
          ],
          tool_choice: { type: 'function', function: { name: ANSWER } },
        }),
  };
}

function replyOf({ status, headers, text }: PostAnswer): Reply {
  if (status >= 200 && status < 300)
    return { body: jsonOf(text, ENVELOPE_DEPTH_MAX), requestId: headers.get('x-request-id') };
  const retryAfter = retryAfterMs(headers.get('retry-after') ?? undefined, new Date());
  throw providerError(httpFailure(status, jsonOrNothing(text)), retryAfter);
}

const TOKENS = z.int().min(0);
const USAGE = z.object({
  prompt_tokens: TOKENS,
  completion_tokens: TOKENS.nullish(),
  prompt_tokens_details: z.object({ cached_tokens: TOKENS.nullish() }).nullish(),
});
const COMPLETION = z.object({
  id: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .length(1),
  usage: USAGE,
});
const EMBEDDING = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).length(EMBEDDING_DIMENSIONS) })).length(1),
  usage: USAGE,
});
type Message = z.infer<typeof COMPLETION>['choices'][number]['message'];

function completionOf({ body, requestId }: Reply, structure: 'tool' | 'json_schema'): CompletionAnswer {
  const parsed = COMPLETION.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined) throw providerError(MALFORMED_ANSWER);
  const ending = lookUp(FINISH_FAILURES, choice.finish_reason ?? undefined);
  if (ending !== undefined) throw providerError(ending);
  if ((choice.message.refusal ?? '') !== '') throw providerError(REFUSED_AFTER_READING);
  return {
    output: structure === 'tool' ? toolAnswer(choice.message) : documentAnswer(choice.message),
    usage: usageOf(parsed.data.usage),
    providerRequestId: requestId ?? parsed.data.id ?? null,
  };
}

/** The arguments of the one call there must be; words in its place are the model's refusal to answer. */
function toolAnswer({ tool_calls: calls }: Message): unknown {
  const [call] = calls ?? [];
  if (call === undefined) throw providerError(REFUSED_AFTER_READING);
  if (calls?.length !== 1 || call.function.name !== ANSWER) throw providerError(MALFORMED_ANSWER);
  return objectOf(call.function.arguments);
}

function documentAnswer({ content }: Message): unknown {
  if ((content ?? '') === '') throw providerError(REFUSED_AFTER_READING);
  return objectOf(content ?? '');
}

function objectOf(text: string): unknown {
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw providerError(MALFORMED_ANSWER);
  return value;
}

/** The wire counts what was read from the cache among the prompt's tokens; ours are apart, as their prices are. */
function usageOf(usage: z.infer<typeof USAGE>): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  if (cached > usage.prompt_tokens) throw providerError(MALFORMED_ANSWER);
  return {
    inputTokens: usage.prompt_tokens - cached,
    outputTokens: usage.completion_tokens ?? 0,
    cacheReadTokens: cached,
    cacheWriteTokens: 0,
  };
}

/** Not every server's vectors have unit length, and ours must. */
function embeddingOf({ body, requestId }: Reply): EmbeddingAnswer {
  const parsed = EMBEDDING.safeParse(body);
  const given = parsed.data?.data[0]?.embedding ?? [];
  const length = Math.hypot(...given);
  if (!parsed.success || !Number.isFinite(length) || length === 0) throw providerError(MALFORMED_ANSWER);
  return {
    embedding: given.map((value) => value / length),
    usage: usageOf(parsed.data.usage),
    providerRequestId: requestId,
  };
}

function jsonOf(text: string, depthMax?: number): unknown {
  try {
    return parseJsonDocument(text, depthMax);
  } catch {
    throw providerError(MALFORMED_ANSWER);
  }
}

/** The body of an error is anything: a proxy's page, or nothing. */
function jsonOrNothing(text: string): unknown {
  try {
    return parseJsonDocument(text);
  } catch {
    return undefined;
  }
}
