import { ProviderError, type CompletionRequest } from '../../../contract/model';
import {
  createBedrockProvider,
  type BedrockProviderOptions,
} from '../../../activities/gateway/providers/bedrock';
import { bedrockServer, type Reply } from './support/bedrock-server';
import { ANSWER, converseAnswer, unitVector, USAGE } from './support/converse';

const server = bedrockServer();
const MODEL = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const TITAN = 'amazon.titan-embed-text-v2:0';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const closing: (() => void)[] = [];

afterEach(() => {
  server.forget();
  for (const close of closing.splice(0)) close();
});

function provider(options: Partial<BedrockProviderOptions> = {}) {
  const made = createBedrockProvider({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: CREDENTIALS,
    timeouts: { connectionMs: 1_000, requestMs: 5_000 },
    ...options,
  });
  closing.push(made.close);
  return made;
}

function request(changes: Partial<CompletionRequest> = {}): CompletionRequest {
  return {
    ref: { vendor: 'bedrock', model: MODEL, region: 'us-east-1' },
    purpose: 'farm.recommendation',
    prompt: { system: 'You advise.', user: '{"input":{}}' },
    outputSchema: { type: 'object', properties: { proposals: { type: 'array' } } },
    maxOutputTokens: 2_000,
    signal: new AbortController().signal,
    ...changes,
  };
}

async function failure(work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error('it did not fail as a provider does');
  return error;
}

test('sends one signed Converse request with the answer forced into one tool', async () => {
  const answer = await provider().complete(request());
  expect(answer).toEqual({
    output: ANSWER,
    usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 },
    providerRequestId: 'request-1',
  });
  expect(server.requests).toHaveLength(1);
  const [sent] = server.requests;
  expect(sent?.method).toBe('POST');
  expect(sent?.path).toBe(`/model/${encodeURIComponent(MODEL)}/converse`);
  expect(sent?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$/,
  );
  expect(sent?.body).toEqual({
    system: [{ text: 'You advise.' }],
    messages: [{ role: 'user', content: [{ text: '{"input":{}}' }] }],
    inferenceConfig: { maxTokens: 2_000, temperature: 0 },
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'answer',
            description: 'Give the whole answer as the input of this tool.',
            inputSchema: { json: { type: 'object', properties: { proposals: { type: 'array' } } } },
          },
        },
      ],
      toolChoice: { tool: { name: 'answer' } },
    },
  });
});

test('finds the service by the setting of the SDK itself, and credentials by its chain', async () => {
  const before = { ...process.env };
  process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME = server.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIDFROMCHAIN';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  // A setting that would multiply attempts: the workflow retries, and each attempt is a row.
  process.env.AWS_MAX_ATTEMPTS = '7';
  try {
    const made = createBedrockProvider({
      region: 'us-east-1',
      timeouts: { connectionMs: 1_000, requestMs: 5_000 },
    });
    closing.push(made.close);
    server.reply({ status: 503, body: { __type: 'ServiceUnavailableException' } });
    expect(await failure(made.complete(request()))).toMatchObject({ code: 'model_unavailable' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.authorization).toContain('AKIDFROMCHAIN');
  } finally {
    process.env = before;
  }
});

test('counts what was read from and written to the cache apart, as the vendor does', async () => {
  server.reply({
    body: converseAnswer(ANSWER, {
      usage: { ...USAGE, cacheReadInputTokens: 70, cacheWriteInputTokens: 30 },
    }),
  });
  const { usage } = await provider().complete(request());
  expect(usage).toEqual({ inputTokens: 100, outputTokens: 20, cacheReadTokens: 70, cacheWriteTokens: 30 });
});

test('passes a guardrail on, and leaves a temperature out that a model refuses', async () => {
  server.reply({ body: converseAnswer(ANSWER) }, { body: { action: 'NONE', outputs: [], assessments: [] } });
  await provider({ guardrail: { identifier: 'g1', version: '3' }, temperature: null }).complete(request());
  expect(server.requests[0]?.body).toMatchObject({
    guardrailConfig: { guardrailIdentifier: 'g1', guardrailVersion: '3' },
    inferenceConfig: { maxTokens: 2_000 },
  });
  expect(server.requests[0]?.body.inferenceConfig).not.toHaveProperty('temperature');
});

describe('a guardrail', () => {
  const guarded = () => provider({ guardrail: { identifier: 'g1', version: '3' } });
  const intervened = { action: 'GUARDRAIL_INTERVENED', outputs: [{ text: 'Blocked.' }], assessments: [] };

  test('reads what the model gives its tool, which Converse does not show it', async () => {
    server.reply(
      { body: converseAnswer(ANSWER) },
      { body: { action: 'NONE', outputs: [], assessments: [] } },
    );
    expect((await guarded().complete(request())).output).toEqual(ANSWER);
    expect(server.requests.map(({ path }) => path)).toEqual([
      `/model/${encodeURIComponent(MODEL)}/converse`,
      '/guardrail/g1/version/3/apply',
    ]);
    expect(server.requests[1]?.body).toEqual({
      source: 'OUTPUT',
      content: [{ text: { text: JSON.stringify(ANSWER) } }],
    });
  });

  test('that intervenes keeps the answer back: refused for good, billed', async () => {
    server.reply({ body: converseAnswer(ANSWER) }, { body: intervened });
    expect(await failure(guarded().complete(request()))).toMatchObject({
      code: 'model_refused',
      kind: 'fail',
      mayBeBilled: true,
    });
  });

  test.each<[string, Reply, object]>([
    ['is throttled', { status: 429, body: { __type: 'ThrottlingException' } }, { kind: 'retry_once' }],
    ['does not exist', { status: 404, body: { __type: 'ResourceNotFoundException' } }, { kind: 'fail' }],
    ['breaks off', { manner: 'reset' }, { kind: 'retry_once' }],
    ['answers nothing', { body: {} }, { code: 'model_malformed', kind: 'retry_once' }],
  ])('that %s lets nothing through, and the call is billed', async (_name, reply, expected) => {
    server.reply({ body: converseAnswer(ANSWER) }, reply);
    expect(await failure(guarded().complete(request()))).toMatchObject({ ...expected, mayBeBilled: true });
  });
});

test.each([
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'arn:aws:bedrock:us-east-1:1:inference-profile/us.x',
])('asks the inference profile %s', async (model) => {
  const ref = { vendor: 'bedrock', model, region: 'us-east-1' };
  expect((await provider().complete(request({ ref }))).output).toEqual(ANSWER);
  expect(server.requests[0]?.path).toBe(`/model/${encodeURIComponent(model)}/converse`);
});

describe('an ending that is no answer', () => {
  test.each([
    ['end_turn', 'model_refused', 'fail'],
    ['stop_sequence', 'model_refused', 'fail'],
    ['content_filtered', 'model_refused', 'fail'],
    ['guardrail_intervened', 'model_refused', 'fail'],
    ['model_context_window_exceeded', 'model_refused', 'fail'],
    ['max_tokens', 'model_malformed', 'fail'],
    ['malformed_tool_use', 'model_malformed', 'retry_once'],
    ['malformed_model_output', 'model_malformed', 'retry_once'],
    ['an_ending_of_next_year', 'model_refused', 'fail'],
  ])('%s is %s, billed', async (stopReason, code, kind) => {
    server.reply({ body: converseAnswer(ANSWER, { stopReason }) });
    expect(await failure(provider().complete(request()))).toMatchObject({ code, kind, mayBeBilled: true });
  });
});

describe('a 200 that is not what the wire promises is malformed, billed, and tried once more', () => {
  const use = (changes: object): object => ({
    toolUse: { toolUseId: '1', name: 'answer', input: ANSWER, ...changes },
  });
  test.each<[string, unknown]>([
    ['no JSON', 'a page of a proxy'],
    ['JSON that breaks off', '{"output":{"message"'],
    ['an empty body', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['no stop reason', converseAnswer(ANSWER, { stopReason: null })],
    ['no usage', converseAnswer(ANSWER, { usage: null })],
    ['a negative usage', converseAnswer(ANSWER, { usage: { ...USAGE, inputTokens: -1 } })],
    ['half a token', converseAnswer(ANSWER, { usage: { ...USAGE, outputTokens: 0.5 } })],
    ['no tool call', converseAnswer(ANSWER, { content: [{ text: 'Here you are.' }] })],
    ['another tool', converseAnswer(ANSWER, { content: [use({ name: 'other' })] })],
    ['two answers', converseAnswer(ANSWER, { content: [use({}), use({})] })],
    ['a list for an answer', converseAnswer([ANSWER])],
    ['a string for an answer', converseAnswer('{"proposals":[]}')],
    ['no content', converseAnswer(ANSWER, { content: [] })],
  ])('%s', async (_name, body) => {
    server.reply({ body });
    expect(await failure(provider().complete(request()))).toMatchObject({
      code: 'model_malformed',
      kind: 'retry_once',
      mayBeBilled: true,
    });
  });
});

test('refuses another vendor and another region before anything is sent', async () => {
  for (const ref of [
    { vendor: 'bedrock', model: MODEL, region: 'eu-west-1' },
    { vendor: 'local', model: MODEL, region: 'us-east-1' },
  ]) {
    expect(await failure(provider().complete(request({ ref })))).toMatchObject({
      code: 'model_refused',
      mayBeBilled: false,
    });
  }
  expect(server.requests).toHaveLength(0);
});

describe('embeddings by Titan', () => {
  const signal = new AbortController().signal;
  const ref = { vendor: 'bedrock', model: TITAN, region: 'us-east-1' };

  test('asks for 1,024 numbers of unit length', async () => {
    server.reply({ body: { embedding: unitVector(), inputTextTokenCount: 5 } });
    expect(await provider().embed({ ref, text: 'drinkers', signal })).toEqual({
      embedding: unitVector(),
      usage: { inputTokens: 5, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
      providerRequestId: 'request-1',
    });
    expect(server.requests[0]?.path).toBe(`/model/${encodeURIComponent(TITAN)}/invoke`);
    expect(server.requests[0]?.body).toEqual({ inputText: 'drinkers', dimensions: 1024, normalize: true });
  });

  test.each<[string, object]>([
    ['too few numbers', { embedding: unitVector(512), inputTextTokenCount: 5 }],
    ['a vector that is not of unit length', { embedding: unitVector().fill(1), inputTextTokenCount: 5 }],
    ['zeros', { embedding: unitVector().fill(0), inputTextTokenCount: 5 }],
    ['texts in place of numbers', { embedding: unitVector().map(String), inputTextTokenCount: 5 }],
    ['no count', { embedding: unitVector() }],
  ])('refuses %s', async (_name, body) => {
    server.reply({ body });
    expect(await failure(provider().embed({ ref, text: 'drinkers', signal }))).toMatchObject({
      code: 'model_malformed',
    });
  });

  test('refuses a model that is not Titan', async () => {
    const other = { ...ref, model: 'cohere.embed-english-v3' };
    expect(await failure(provider().embed({ ref: other, text: 'x', signal }))).toMatchObject({
      code: 'model_refused',
    });
    expect(server.requests).toHaveLength(0);
  });
});
