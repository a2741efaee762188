import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { ERRORS, type ErrorCode } from '../contract/errors';
import { problem } from '../contract/wire/problem';
import { PARAMETERS, ROUTES, type Route } from '../contract/wire/routes';
import { messageSchema } from '../contract/wire/webhook';
import { WEBHOOK_TYPES, type WebhookTypeName } from '../contract/webhooks';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Problems that every address with a key may answer with. */
const EVERYWHERE = [
  'not_authenticated',
  'not_allowed',
  'rate_limited',
  'unavailable',
  'internal',
  'content_altered',
] as const satisfies readonly ErrorCode[];
const WITH_BODY = [
  'input_invalid',
  'body_malformed',
  'body_too_deep',
  'body_too_large',
  'media_type_unsupported',
] as const satisfies readonly ErrorCode[];

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  201: 'Created',
  202: 'Accepted: Location says where to see what becomes of it',
  204: 'Done',
  503: 'Not ready',
};

/** The OpenAPI 3.1 document, from the same table and schemas that the router and its checks are made of. */
export function openApi(): OpenApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Countersign',
      version: '1',
      description:
        'AI operates, humans decide. 64-bit integers are strings, times RFC 3339 in UTC, ids UUIDs, errors problem+json (RFC 9457).',
    },
    security: [{ key: [] }],
    paths,
    webhooks: webhookOperations(),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of a member: cs_<id>_<secret>' },
      },
    },
  });
}

/** What is sent to webhooks, by type: the same table that the messages are held against. */
function webhookOperations(): Record<string, { readonly post: ZodOpenApiOperationObject }> {
  const headers = z.object({
    'webhook-id': z.uuid().meta({ description: 'The same for every attempt at a message' }),
    'webhook-timestamp': z.string().meta({ description: 'Of the attempt, in seconds since 1970' }),
    'webhook-signature': z
      .string()
      .meta({ description: 'v1,<base64>, parted by spaces: one for each secret that signs' }),
  });
  return Object.fromEntries(
    (Object.keys(WEBHOOK_TYPES) as WebhookTypeName[]).map((type) => [
      type,
      {
        post: {
          operationId: `webhook.${type}`,
          summary: WEBHOOK_TYPES[type].summary,
          tags: ['webhooks'],
          security: [],
          requestParams: { header: headers },
          requestBody: { required: true, content: { 'application/json': { schema: messageSchema(type) } } },
          responses: {
            '2XX': { description: 'Delivered; anything else is tried again, and a redirect is not followed' },
            410: { description: 'The webhook is disabled' },
          },
        },
      },
    ]),
  );
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { path, header } = parametersOf(route);
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.name.split('.')[0] ?? route.name],
    ...(route.roles === 'public'
      ? { security: [] }
      : { description: `Roles: ${route.roles.join(', ')}.`, 'x-roles': [...route.roles] }),
    requestParams: {
      ...(path === undefined ? {} : { path }),
      ...(header === undefined ? {} : { header }),
      ...(route.query === undefined ? {} : { query: route.query }),
    },
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.bodyOptional !== true,
            content: { 'application/json': { schema: route.body } },
          },
        }),
    responses: responsesOf(route),
  };
}

function parametersOf(route: Route): { path: z.ZodObject | undefined; header: z.ZodObject | undefined } {
  const names = [...route.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name);
  const headers: Record<string, z.ZodType> = {
    ...(route.idempotencyKey === true ? { 'Idempotency-Key': z.string().min(1).max(255) } : {}),
    ...(route.ifMatch === true
      ? { 'If-Match': z.string().optional(), 'If-None-Match': z.literal('*').optional() }
      : {}),
    ...(['runs.create', 'runs.resend', 'runs.by_hand'].includes(route.name)
      ? { Prefer: z.string().optional().meta({ example: 'wait=10' }) }
      : {}),
    ...(route.name === 'events.stream' ? { 'Last-Event-ID': z.string().optional() } : {}),
  };
  return {
    path:
      names.length === 0
        ? undefined
        : z.object(
            Object.fromEntries(names.map((name) => [name, PARAMETERS[name as keyof typeof PARAMETERS]])),
          ),
    header: Object.keys(headers).length === 0 ? undefined : z.object(headers),
  };
}

function responsesOf(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, answer] of Object.entries(route.answers)) {
    const description = DESCRIPTIONS[status] ?? 'OK';
    if (answer === 'nothing') responses[status as '200'] = { description };
    else if (typeof answer === 'string') {
      responses[status as '200'] = { description, content: { [answer]: { schema: { type: 'string' } } } };
    } else responses[status as '200'] = { description, content: { 'application/json': { schema: answer } } };
  }
  for (const [status, codes] of problemsOf(route)) {
    responses[String(status) as '400'] ??= {
      description: codes.map((code) => `\`${code}\` ${ERRORS[code].message}`).join('\n\n'),
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return responses;
}

/** The codes that an address may answer with, by status. */
export function problemsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = new Set<ErrorCode>([
    ...route.codes,
    ...(route.roles === 'public' ? [] : EVERYWHERE),
    ...(route.body === undefined ? [] : WITH_BODY),
    ...(route.query === undefined ? [] : (['input_invalid'] as const)),
    ...(route.query !== undefined && 'cursor' in route.query.shape ? (['cursor_invalid'] as const) : []),
    ...(route.path.includes('{') ? (['not_found'] as const) : []),
  ]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
