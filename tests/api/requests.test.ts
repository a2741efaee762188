import { createHash, randomUUID } from 'node:crypto';
import { hashSecret, mintKey, parseKey } from '../../contract/api-key';
import { ROUTES } from '../../contract/wire/routes';
import { testDatabase } from '../support/database';
import { addMember, buildWorld, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

async function post(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; code: unknown }> {
  const response = await api.raw('/v1/runs', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.farm.hand.token}`,
      'idempotency-key': randomUUID(),
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  expect(response.headers.get('content-type')).toContain('problem+json');
  const { code } = (await response.json()) as { code: unknown };
  return { status: response.status, code };
}

const run = (note: string): string =>
  `{"purpose":"farm.record","input":{"occurred_at":"2026-11-24T08:00:00Z","note":${note}}}`;

describe('bodies that are refused', () => {
  it('are nested deeper than 32 levels, however that is written', async () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(await post(run(deep(31)))).toEqual({ status: 400, code: 'body_too_deep' });
    expect(await post(deep(10_000))).toEqual({ status: 400, code: 'body_too_deep' });
    expect(await post('{"a":'.repeat(50_000))).toEqual({ status: 400, code: 'body_too_deep' });
    // Brackets in a string nest nothing.
    const { status } = await api.ask(world.farm.hand, 'runs.create', {
      body: {
        purpose: 'farm.record',
        input: { note: `"${deep(500)}\\"`, occurred_at: '2026-11-24T08:00:00Z' },
      },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(status).toBe(202);
  });

  it('are too large', async () => {
    expect(await post(run(`"${'a'.repeat(3 * 1024 * 1024)}"`))).toEqual({
      status: 413,
      code: 'body_too_large',
    });
  });

  it.each([
    ['no JSON', '{"purpose":'],
    ['U+0000', run('"a\\u0000b"')],
    ['U+0000 in a key', run('"x"').replace('"note"', '"no\\u0000te"')],
    ['a lone high surrogate', run('"a\\ud800b"')],
    ['a lone low surrogate', run('"\\udc00"')],
    ['a key that reaches the prototype', run('{"__proto__":{"a":1}}')],
    ['a number beyond all numbers', run('1e999')],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('{"purpose":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    ],
  ])('hold %s', async (_what, body) => {
    expect(await post(body)).toEqual({ status: 400, code: 'body_malformed' });
  });

  it('are of another media type, or compressed', async () => {
    expect(await post(run('"x"'), { 'content-type': 'text/plain' })).toEqual({
      status: 415,
      code: 'media_type_unsupported',
    });
    expect(await post(run('"x"'), { 'content-encoding': 'gzip' })).toEqual({
      status: 415,
      code: 'media_type_unsupported',
    });
  });

  it('have a member that nobody knows', async () => {
    const extra = run('"x"').replace('{', '{"tenant_id":"other",');
    expect(await post(extra)).toEqual({ status: 400, code: 'input_invalid' });
  });

  it('come with a key that is none', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256)]) {
      expect(await post(run('"x"'), { 'idempotency-key': key })).toEqual({
        status: 400,
        code: 'idempotency_key_missing',
      });
    }
  });

  it('a pair of surrogates is one character, and comes back as it was', async () => {
    const note = 'Sold 🥚 to Ọlá';
    const { body } = await api.ask(world.farm.hand, 'runs.create', {
      body: { purpose: 'farm.record', input: { note, occurred_at: '2026-11-24T08:00:00Z' } },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(body.input?.note).toBe(note);
  });
});

describe('addresses', () => {
  it('that are not there are a problem, with and without a key', async () => {
    for (const path of [
      '/',
      '/v1/nothing',
      '/v1/runs/not-an-id',
      '/V1/runs',
      '/v1/runs/%E0%A4%A',
      '/v1/gates/1%27--',
    ]) {
      const response = await api.raw(path, {
        headers: { authorization: `Bearer ${world.farm.owner.token}` },
      });
      expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([
        path,
        404,
        'not_found',
      ]);
    }
  });

  it('name the methods that they answer', async () => {
    const response = await api.raw('/v1/gates', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
    expect(await response.json()).toMatchObject({
      type: 'urn:countersign:problem:method_not_allowed',
      code: 'method_not_allowed',
    });
  });

  it('carry the headers of helmet, are stored nowhere, and name no software', async () => {
    const { headers } = await api.raw('/v1/me', {
      headers: { authorization: `Bearer ${world.farm.owner.token}` },
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+$/);
  });

  it('are pinged without a key', async () => {
    expect(await (await api.raw('/healthz')).json()).toEqual({ status: 'ok', parts: { api: 'ok' } });
    const ready = await api.raw('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', parts: { database: 'ok', temporal: 'unavailable' } },
    ]);
    const metrics = await (await api.raw('/metrics')).text();
    expect(metrics).toMatch(
      /countersign_http_requests_total\{method="POST",route="\/v1\/runs",status="400"\} \d+/,
    );
    expect(metrics).not.toContain(world.farm.id);
  });
});

describe('keys', () => {
  it('are taken apart by their form and by nothing else', () => {
    const minted = mintKey();
    expect(minted.token).toMatch(/^cs_[a-z0-9]{16}_[A-Za-z0-9_-]{43}$/);
    expect(parseKey(minted.token)).toEqual({ id: minted.id, secretSha256: minted.secretSha256 });
    const secret = minted.token.slice(20);
    expect(hashSecret(secret)).toEqual(createHash('sha256').update(secret).digest());
    for (const token of [
      '',
      'cs_',
      minted.token.slice(1),
      `${minted.token}A`,
      minted.token.replace('_', '-'),
    ]) {
      expect(parseKey(token)).toBeUndefined();
    }
  });

  it('that are unknown, wrong, revoked, run out or of somebody who left are all the same', async () => {
    const { farm } = world;
    const status = async (token: string, scheme = 'Bearer'): Promise<unknown[]> => {
      const response = await api.raw('/v1/me', { headers: { authorization: `${scheme} ${token}` } });
      return [response.status, response.headers.get('www-authenticate'), await response.json()];
    };
    const unknown = await status(mintKey().token);
    expect(unknown).toEqual([
      401,
      'Bearer realm="countersign"',
      expect.objectContaining({ code: 'not_authenticated' }),
    ]);
    const { token } = farm.owner;
    const secret = parseKey(mintKey().token);
    expect(secret).toBeDefined();
    expect(await status(token.slice(0, -43) + 'A'.repeat(43))).toEqual(unknown);
    expect(await status(token, 'Basic')).toEqual(unknown);
    expect(await status('')).toEqual(unknown);

    const leaver = await addMember(database, farm.id, ['requester']);
    expect((await status(leaver.token))[0]).toBe(200);
    await api.ask(farm.owner, 'members.change', {
      params: { user_id: leaver.userId },
      body: { active: false },
    });
    expect(await status(leaver.token)).toEqual(unknown);

    const { body: key } = await api.ask(farm.owner, 'keys.create', {
      body: { user_id: farm.hand.userId, label: 'phone' },
    });
    expect((await status(key.token))[0]).toBe(200);
    expect((await api.ask(farm.owner, 'keys.revoke', { params: { key_id: key.id } })).status).toBe(204);
    expect(await status(key.token)).toEqual(unknown);

    const { body: brief } = await api.ask(farm.owner, 'keys.create', {
      body: {
        user_id: farm.hand.userId,
        label: 'a moment',
        expires_at: new Date(Date.now() - 1000).toISOString(),
      },
    });
    expect(await status(brief.token)).toEqual(unknown);
  });
});

it('serves its OpenAPI document and a page of it, complete and by itself', async () => {
  const document = (await (await api.raw('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(operations.sort()).toEqual(ROUTES.map(({ name }) => name).sort());
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(references.length).toBeGreaterThan(20);
  const page = await (await api.raw('/docs')).text();
  for (const { path } of ROUTES) expect(page).toContain(path);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(page).not.toContain('<script');
});
