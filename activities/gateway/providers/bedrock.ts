/**
 * Amazon Bedrock. Text goes through Converse, with the answer forced into one tool whose input schema is the purpose's;
 * embeddings through InvokeModel with Titan Text Embeddings v2. HTTP/1.1 by `NodeHttpHandler` (the SDK's default speaks
 * HTTP/2) and one attempt, since the workflow retries. Nothing that the vendor writes gets into an error.
 */
import {
  BedrockRuntimeClient,
  ConverseCommand,
  InvokeModelCommand,
  type BedrockRuntimeClientConfig,
  type ContentBlock,
  type ConverseCommandInput,
  type ConverseCommandOutput,
  type InvokeModelCommandOutput,
  type ToolInputSchema,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { z } from 'zod';
import {
  type CompletionAnswer,
  type CompletionRequest,
  type EmbeddingAnswer,
  type Provider,
  type Usage,
} from '../../../contract/model';
import type { ModelRef } from '../../../contract/pack';
import { bedrockError, stopFailure } from './bedrock-errors';
import { applyGuardrail, type Guardrail } from './bedrock-guardrail';
import { MALFORMED_ANSWER, NOT_OURS, providerError, timed } from './failure';
import { EMBEDDING_DIMENSIONS } from './local/embedding';

export interface BedrockProviderOptions {
  /** Calls for any other region are refused: the vendor matrix allows by region. */
  readonly region: string;
  /** Another address of the service (a VPC endpoint, a loopback server). */
  readonly endpoint?: string;
  /** Without them the SDK's default chain: environment, web identity, profile, container, instance. */
  readonly credentials?: NonNullable<BedrockRuntimeClientConfig['credentials']>;
  /** A profile of the AWS configuration in that chain, so that Bedrock has a role that no other part of this process has. */
  readonly profile?: string;
  readonly timeouts: {
    readonly connectionMs: number;
    /** For the whole call, from the first byte sent to the last received. */
    readonly requestMs: number;
  };
  /** Passed on with every completion, and asked about every answer. */
  readonly guardrail?: Guardrail;
  /** Default 0. Null leaves it out, for models that refuse the setting. */
  readonly temperature?: number | null;
}

export interface BedrockProvider extends Required<Provider> {
  /** Closes the idle connections. */
  readonly close: () => void;
}

const ANSWER_TOOL = 'answer';
const TITAN = 'titan-embed-text-v2';
const UNIT_LENGTH_TOLERANCE = 0.001;
const CONNECTIONS_MAX = 200;

type SchemaDocument = ToolInputSchema.JsonMember['json'];

/** Makes the provider with vendor `bedrock`. Fails only with `ProviderError`s, by the table in `bedrock-errors.ts`. */
export function createBedrockProvider(options: BedrockProviderOptions): BedrockProvider {
  const client = new BedrockRuntimeClient({
    region: options.region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: options.timeouts.connectionMs,
      httpAgent: { maxSockets: CONNECTIONS_MAX },
      httpsAgent: { maxSockets: CONNECTIONS_MAX },
    }),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  });
  const { requestMs } = options.timeouts;
  return {
    vendor: 'bedrock',
    complete: async (request) => {
      assertOurs(request.ref, options.region);
      const command = new ConverseCommand(converseInput(request, options));
      const { signal } = request;
      const output = await timed(
        signal,
        requestMs,
        (abortSignal) => client.send(command, { abortSignal }),
        translated,
      );
      const answer = completionOf(output);
      if (options.guardrail)
        await applyGuardrail(client, options.guardrail, answer.output, { signal, requestMs });
      return answer;
    },
    embed: async ({ ref, text, signal }) => {
      assertOurs(ref, options.region);
      if (!ref.model.includes(TITAN)) throw providerError(NOT_OURS);
      const command = new InvokeModelCommand({
        modelId: ref.model,
        contentType: 'application/json',
        accept: 'application/json',
        body: JSON.stringify({ inputText: text, dimensions: EMBEDDING_DIMENSIONS, normalize: true }),
      });
      const output = await timed(
        signal,
        requestMs,
        (abortSignal) => client.send(command, { abortSignal }),
        translated,
      );
      return embeddingOf(output);
    },
    close: () => client.destroy(),
  };
}

function assertOurs(ref: ModelRef, region: string): void {
  if (ref.vendor !== 'bedrock' || ref.region !== region) throw providerError(NOT_OURS);
}

function translated(thrown: unknown): ReturnType<typeof bedrockError> {
  return bedrockError(thrown, new Date());
}

function converseInput(request: CompletionRequest, options: BedrockProviderOptions): ConverseCommandInput {
  const temperature = options.temperature === undefined ? 0 : options.temperature;
  return {
    modelId: request.ref.model,
    system: [{ text: request.prompt.system }],
    messages: [{ role: 'user', content: [{ text: request.prompt.user }] }],
    inferenceConfig: {
      maxTokens: request.maxOutputTokens,
      ...(temperature === null ? {} : { temperature }),
    },
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: ANSWER_TOOL,
            description: 'Give the whole answer as the input of this tool.',
            inputSchema: { json: schemaDocument(request.outputSchema) },
          },
        },
      ],
      toolChoice: { tool: { name: ANSWER_TOOL } },
    },
    ...(options.guardrail === undefined
      ? {}
      : {
          guardrailConfig: {
            guardrailIdentifier: options.guardrail.identifier,
            guardrailVersion: options.guardrail.version,
          },
        }),
  };
}

/** A JSON Schema as the SDK's document type. */
function schemaDocument(value: unknown): SchemaDocument {
  if (Array.isArray(value)) return value.map(schemaDocument);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaDocument(member)]));
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError('a JSON Schema holds nothing but JSON');
}

function completionOf(output: ConverseCommandOutput): CompletionAnswer {
  const usage = usageOf(output);
  if (output.stopReason === undefined) throw providerError(MALFORMED_ANSWER);
  if (output.stopReason !== 'tool_use') throw providerError(stopFailure(output.stopReason));
  return {
    output: toolInput(output.output?.message?.content ?? []),
    usage,
    providerRequestId: output.$metadata.requestId ?? null,
  };
}

/** The input of the one tool call there must be. */
function toolInput(content: readonly ContentBlock[]): unknown {
  const calls = content.flatMap((block) => (block.toolUse === undefined ? [] : [block.toolUse]));
  const [call] = calls;
  const input: unknown = call?.input;
  const isAnswer = calls.length === 1 && call?.name === ANSWER_TOOL;
  if (!isAnswer || typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw providerError(MALFORMED_ANSWER);
  }
  return input;
}

const TOKENS = z.int().min(0);
const CONVERSE_USAGE = z.object({
  inputTokens: TOKENS,
  outputTokens: TOKENS,
  cacheReadInputTokens: TOKENS.nullish(),
  cacheWriteInputTokens: TOKENS.nullish(),
});
const TITAN_ANSWER = z.object({
  embedding: z.array(z.number()).length(EMBEDDING_DIMENSIONS),
  inputTextTokenCount: TOKENS,
});

/** Bedrock's `inputTokens` exclude what was read from or written to the cache; so do ours. */
function usageOf(output: ConverseCommandOutput): Usage {
  const parsed = CONVERSE_USAGE.safeParse(output.usage);
  if (!parsed.success) throw providerError(MALFORMED_ANSWER);
  return {
    inputTokens: parsed.data.inputTokens,
    outputTokens: parsed.data.outputTokens,
    cacheReadTokens: parsed.data.cacheReadInputTokens ?? 0,
    cacheWriteTokens: parsed.data.cacheWriteInputTokens ?? 0,
  };
}

function embeddingOf(output: InvokeModelCommandOutput): EmbeddingAnswer {
  const parsed = TITAN_ANSWER.safeParse(jsonOf(output.body));
  if (!parsed.success) throw providerError(MALFORMED_ANSWER);
  const { embedding, inputTextTokenCount } = parsed.data;
  const length = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0));
  if (Math.abs(length - 1) > UNIT_LENGTH_TOLERANCE) throw providerError(MALFORMED_ANSWER);
  return {
    embedding,
    usage: { inputTokens: inputTextTokenCount, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    providerRequestId: output.$metadata.requestId ?? null,
  };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw providerError(MALFORMED_ANSWER);
  }
}
