import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProviders } from '../../../activities/gateway/create-providers';
import { defineProvider, type CompletionRequest, type Provider } from '../../../contract/model';
import { bedrockServer } from './support/bedrock-server';
import { ANSWER, converseAnswer } from './support/converse';
import { chatAnswer } from './support/openai';

const server = bedrockServer();
const before = { ...process.env };
const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const TIMEOUTS = { connectionMs: 1_000, requestMs: 5_000 };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-aws-'));
  process.env = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('AWS_')));
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
  server.forget();
});

function request(ref: CompletionRequest['ref']): CompletionRequest {
  return {
    ref,
    purpose: 'farm.recommendation',
    prompt: { system: 'You advise.', user: '{}' },
    outputSchema: { type: 'object' },
    maxOutputTokens: 100,
    signal: new AbortController().signal,
  };
}

function named(vendor: string): Provider {
  return defineProvider({
    vendor,
    complete: async () =>
      await Promise.resolve({
        output: ANSWER,
        usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
        providerRequestId: null,
      }),
  });
}

test('has the product’s own, those of the configuration, and its endpoints with their keys', async () => {
  process.env.MODELS_KEY = 'key-7';
  const endpoint = {
    vendor: 'vllm',
    region: 'on-premises',
    baseUrl: `${server.url}/v1`,
    apiKeySetting: 'MODELS_KEY',
  };
  const providers = createProviders({}, { providers: [named('house')], endpoints: [endpoint] });
  expect([...providers.keys()]).toEqual(['local', 'bedrock', 'house', 'vllm']);
  server.reply({ body: chatAnswer() });
  const ref = { vendor: 'vllm', model: 'm', region: 'on-premises' };
  expect((await providers.get('vllm')?.complete(request(ref)))?.output).toEqual(ANSWER);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer key-7');
});

test('gives a vendor one provider, and starts without none of its settings', () => {
  expect(() => createProviders({}, { providers: [named('bedrock')] })).toThrow('bedrock has two providers');
  const endpoint = {
    vendor: 'v',
    region: 'r',
    baseUrl: 'https://models.example.org',
    apiKeySetting: 'NO_SUCH_KEY',
  };
  expect(() => createProviders({}, { endpoints: [endpoint] })).toThrow('NO_SUCH_KEY');
  process.env.COUNTERSIGN_BEDROCK_GUARDRAIL = 'g1';
  expect(() => createProviders()).toThrow('COUNTERSIGN_BEDROCK_GUARDRAIL_VERSION');
});

test('lets Bedrock’s guardrail read every answer, when the settings name one', async () => {
  process.env.COUNTERSIGN_BEDROCK_GUARDRAIL = 'g1';
  process.env.COUNTERSIGN_BEDROCK_GUARDRAIL_VERSION = '2';
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const bedrock = createProviders({ endpoint: server.url, credentials, timeouts: TIMEOUTS }).get('bedrock');
  server.reply({ body: converseAnswer(ANSWER) }, { body: { action: 'NONE', outputs: [], assessments: [] } });
  await bedrock?.complete(request({ vendor: 'bedrock', model: MODEL, region: 'us-east-1' }));
  expect(server.requests.map(({ path }) => path)[1]).toBe('/guardrail/g1/version/2/apply');
});

describe('the role of Bedrock', () => {
  let sts: Server;
  const asked: string[] = [];

  beforeEach(async () => {
    sts = createServer((incoming, response) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      incoming.once('end', () => {
        asked.push(text);
        response.writeHead(200, { 'content-type': 'text/xml' }).end(
          `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
            <Credentials><AccessKeyId>AKIDOFROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
            <SessionToken>token-of-role</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
          </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
        );
      });
    });
    await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
    asked.splice(0);
    process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
    writeFileSync(join(folder, 'token'), 'a.web.identity');
    writeFileSync(join(folder, 'credentials'), '');
    writeFileSync(
      join(folder, 'config'),
      `[profile models]\nrole_arn = arn:aws:iam::123456789012:role/models\nweb_identity_token_file = ${join(folder, 'token')}\n`,
    );
  });
  afterEach(async () => {
    sts.closeAllConnections();
    await new Promise((resolve) => sts.close(resolve));
  });

  async function signedBy(): Promise<string> {
    const bedrock = createProviders({ endpoint: server.url, timeouts: TIMEOUTS }).get('bedrock');
    await bedrock?.complete(request({ vendor: 'bedrock', model: MODEL, region: 'us-east-1' }));
    return String(server.requests[0]?.headers.authorization);
  }

  test('is that of the machine, by web identity', async () => {
    process.env.AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/worker';
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = join(folder, 'token');
    expect(await signedBy()).toContain('Credential=AKIDOFROLE/');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('Action=AssumeRoleWithWebIdentity');
    expect(decodeURIComponent(asked[0] ?? '')).toContain('role/worker');
  });

  test('is its own, by a profile that no other part of the process uses', async () => {
    process.env.COUNTERSIGN_BEDROCK_PROFILE = 'models';
    expect(await signedBy()).toContain('Credential=AKIDOFROLE/');
    expect(decodeURIComponent(asked[0] ?? '')).toContain('role/models');
    expect(server.requests[0]?.headers['x-amz-security-token']).toBe('token-of-role');
  });
});
