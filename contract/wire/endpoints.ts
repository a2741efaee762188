/**
 * Every address of the API: method, path, and who may use it. Without schemas, so that the client loads no zod; the
 * schemas stand in routes.ts under the same names. Router, OpenAPI, docs, client and tests derive from the two.
 */
import type { Role } from '../states';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Endpoint {
  readonly method: Method;
  /** `{name}` stands for a parameter. */
  readonly path: string;
  /** Any of these roles; `public` asks for no key. */
  readonly roles: readonly Role[] | 'public';
  /** The Idempotency-Key header is required: the same key is the same act. */
  readonly idempotencyKey?: true;
  /** If-Match is required, with the ETag of what was read (If-None-Match: * for what is not there yet). */
  readonly ifMatch?: true;
}

/** Who may start runs and read what came of them. Requesters see their own. */
const ASKING = ['requester', 'reviewer', 'senior', 'admin'] as const satisfies readonly Role[];
/** Who may hold a seat. */
const DECIDING = ['reviewer', 'senior', 'admin'] as const satisfies readonly Role[];
/** Who sees that something happened: auditors and operators see no content. */
const SEEING = [...ASKING, 'auditor', 'operator'] as const satisfies readonly Role[];
const OVERSEEING = [...DECIDING, 'auditor', 'operator'] as const satisfies readonly Role[];
const WATCHING = ['admin', 'auditor', 'operator'] as const satisfies readonly Role[];
const EVERYBODY = [...SEEING, 'platform_admin'] as const satisfies readonly Role[];
const ADMINS = ['admin', 'platform_admin'] as const satisfies readonly Role[];

export const ENDPOINTS = {
  'me.get': { method: 'GET', path: '/v1/me', roles: EVERYBODY },

  'runs.create': { method: 'POST', path: '/v1/runs', roles: ASKING, idempotencyKey: true },
  'runs.list': { method: 'GET', path: '/v1/runs', roles: SEEING },
  'runs.get': { method: 'GET', path: '/v1/runs/{id}', roles: SEEING },
  'runs.calls': { method: 'GET', path: '/v1/runs/{id}/calls', roles: SEEING },
  'runs.withdraw': { method: 'POST', path: '/v1/runs/{id}/withdraw', roles: ASKING },
  'runs.resend': { method: 'POST', path: '/v1/runs/{id}/resend', roles: ASKING, idempotencyKey: true },
  'runs.by_hand': { method: 'POST', path: '/v1/runs/{id}/by-hand', roles: ASKING, idempotencyKey: true },
  'runs.feedback': { method: 'POST', path: '/v1/runs/{id}/feedback', roles: ASKING },
  // Whoever audits reads what came of it, and asks an admin: it sends what was scrubbed to a vendor again, and spends.
  'runs.replay': { method: 'POST', path: '/v1/runs/{id}/replay', roles: ['admin'], idempotencyKey: true },
  'runs.replays': { method: 'GET', path: '/v1/runs/{id}/replays', roles: WATCHING },
  'replays.get': { method: 'GET', path: '/v1/replays/{id}', roles: WATCHING },
  'calls.get': { method: 'GET', path: '/v1/calls/{id}', roles: SEEING },

  'gates.list': { method: 'GET', path: '/v1/gates', roles: SEEING },
  'gates.get': { method: 'GET', path: '/v1/gates/{id}', roles: SEEING },
  'gates.claim': { method: 'POST', path: '/v1/gates/{id}/claim', roles: DECIDING },
  'gates.renew': { method: 'POST', path: '/v1/gates/{id}/heartbeat', roles: DECIDING },
  'gates.steal': { method: 'POST', path: '/v1/gates/{id}/steal', roles: DECIDING },
  'gates.reassign': { method: 'POST', path: '/v1/gates/{id}/reassign', roles: DECIDING },
  'gates.ask': { method: 'POST', path: '/v1/gates/{id}/questions', roles: DECIDING },
  'gates.answer': { method: 'POST', path: '/v1/gates/{id}/answers', roles: ASKING },
  'gates.release': { method: 'POST', path: '/v1/gates/{id}/release', roles: DECIDING },
  'gates.decide': { method: 'POST', path: '/v1/gates/{id}/decisions', roles: DECIDING },
  'gates.comment': { method: 'POST', path: '/v1/gates/{id}/comments', roles: ASKING },
  'gates.recuse': { method: 'POST', path: '/v1/gates/{id}/recuse', roles: DECIDING },
  'gates.view': { method: 'POST', path: '/v1/gates/{id}/views', roles: DECIDING },
  'delegations.list': { method: 'GET', path: '/v1/delegations', roles: OVERSEEING },
  'delegations.create': { method: 'POST', path: '/v1/delegations', roles: DECIDING },
  'delegations.revoke': { method: 'DELETE', path: '/v1/delegations/{id}', roles: DECIDING },
  'reauthentications.create': { method: 'POST', path: '/v1/reauthentications', roles: DECIDING },
  'intents.get': { method: 'GET', path: '/v1/intents/{id}', roles: OVERSEEING },
  'decisions.list': { method: 'GET', path: '/v1/decisions', roles: OVERSEEING },
  'decisions.create': { method: 'POST', path: '/v1/decisions', roles: DECIDING, idempotencyKey: true },
  'decisions.get': { method: 'GET', path: '/v1/decisions/{id}', roles: OVERSEEING },
  'reviewers.list': { method: 'GET', path: '/v1/reviewers', roles: [...DECIDING, 'auditor'] },
  'reviews.list': { method: 'GET', path: '/v1/reviews', roles: OVERSEEING },
  'reviews.record': { method: 'POST', path: '/v1/reviews/{id}', roles: DECIDING },
  'records.list': { method: 'GET', path: '/v1/records', roles: SEEING },
  'records.correct': {
    method: 'POST',
    path: '/v1/records/{id}/correct',
    roles: ASKING,
    idempotencyKey: true,
  },
  'records.undo': { method: 'POST', path: '/v1/records/{id}/undo', roles: ASKING, idempotencyKey: true },
  'contents.read': { method: 'POST', path: '/v1/contents/{id}/read', roles: ['auditor'] },

  'credits.get': { method: 'GET', path: '/v1/credits', roles: SEEING },
  'credits.ledger': { method: 'GET', path: '/v1/credits/ledger', roles: WATCHING },
  'credits.grant': {
    method: 'POST',
    path: '/v1/credits/grants',
    roles: ['platform_admin'],
    idempotencyKey: true,
  },
  'evidence.get': { method: 'GET', path: '/v1/evidence', roles: WATCHING },
  'agreement.get': { method: 'GET', path: '/v1/agreement', roles: WATCHING },

  'policy.get': { method: 'GET', path: '/v1/policy', roles: SEEING },
  'policy.put': { method: 'PUT', path: '/v1/policy', roles: ['admin'], ifMatch: true },
  'vendors.list': { method: 'GET', path: '/v1/vendors', roles: EVERYBODY },
  'vendors.get': { method: 'GET', path: '/v1/vendors/{vendor}/{model}/{region}', roles: EVERYBODY },
  'vendors.put': {
    method: 'PUT',
    path: '/v1/vendors/{vendor}/{model}/{region}',
    roles: ['platform_admin'],
    ifMatch: true,
  },
  'prices.list': { method: 'GET', path: '/v1/prices', roles: EVERYBODY },
  'prices.get': { method: 'GET', path: '/v1/prices/{vendor}/{model}/{region}', roles: EVERYBODY },
  'prices.put': {
    method: 'PUT',
    path: '/v1/prices/{vendor}/{model}/{region}',
    roles: ['platform_admin'],
    ifMatch: true,
  },

  'tenants.list': { method: 'GET', path: '/v1/tenants', roles: EVERYBODY },
  'tenants.create': { method: 'POST', path: '/v1/tenants', roles: ['platform_admin'] },
  'members.list': { method: 'GET', path: '/v1/members', roles: [...OVERSEEING, 'platform_admin'] },
  'members.create': { method: 'POST', path: '/v1/members', roles: ADMINS },
  'members.change': { method: 'PATCH', path: '/v1/members/{user_id}', roles: ADMINS },
  'keys.list': { method: 'GET', path: '/v1/keys', roles: [...ADMINS, 'auditor'] },
  'keys.create': { method: 'POST', path: '/v1/keys', roles: ADMINS },
  'keys.revoke': { method: 'DELETE', path: '/v1/keys/{key_id}', roles: ADMINS },
  'subjects.list': { method: 'GET', path: '/v1/subjects', roles: ['admin', 'auditor'] },
  'subjects.put': { method: 'PUT', path: '/v1/subjects/{subject_id}', roles: ['admin'] },
  'documents.create': { method: 'POST', path: '/v1/documents', roles: DECIDING, idempotencyKey: true },
  'documents.list': { method: 'GET', path: '/v1/documents', roles: SEEING },
  'documents.get': { method: 'GET', path: '/v1/documents/{id}', roles: SEEING },
  'documents.passages': { method: 'GET', path: '/v1/documents/{id}/passages', roles: ASKING },
  'documents.delete': { method: 'DELETE', path: '/v1/documents/{id}', roles: DECIDING },
  'passages.get': { method: 'GET', path: '/v1/passages/{id}', roles: ASKING },
  'purposes.list': { method: 'GET', path: '/v1/purposes', roles: EVERYBODY },
  'purposes.get': { method: 'GET', path: '/v1/purposes/{name}', roles: EVERYBODY },
  'notifications.get': { method: 'GET', path: '/v1/me/notifications', roles: EVERYBODY },
  'notifications.put': { method: 'PUT', path: '/v1/me/notifications', roles: EVERYBODY },
  'webhooks.types': { method: 'GET', path: '/v1/webhook-types', roles: ['admin'] },
  'webhooks.list': { method: 'GET', path: '/v1/webhooks', roles: ['admin'] },
  'webhooks.create': { method: 'POST', path: '/v1/webhooks', roles: ['admin'] },
  'webhooks.get': { method: 'GET', path: '/v1/webhooks/{id}', roles: ['admin'] },
  'webhooks.change': { method: 'PATCH', path: '/v1/webhooks/{id}', roles: ['admin'] },
  'webhooks.delete': { method: 'DELETE', path: '/v1/webhooks/{id}', roles: ['admin'] },
  'webhooks.rotate': { method: 'POST', path: '/v1/webhooks/{id}/rotate-secret', roles: ['admin'] },
  'webhooks.ping': { method: 'POST', path: '/v1/webhooks/{id}/ping', roles: ['admin'] },
  'webhooks.deliveries': { method: 'GET', path: '/v1/webhooks/{id}/deliveries', roles: ['admin'] },
  'webhooks.replay': { method: 'POST', path: '/v1/webhooks/{id}/replay', roles: ['admin'] },
  'pages.list': {
    method: 'GET',
    path: '/v1/pages',
    roles: ['admin', 'operator', 'auditor', 'platform_admin'],
  },
  'pages.acknowledge': {
    method: 'POST',
    path: '/v1/pages/{id}/acknowledge',
    roles: ['admin', 'operator', 'platform_admin'],
  },

  'events.stream': { method: 'GET', path: '/v1/events', roles: [...WATCHING, 'platform_admin'] },
  'audit.head': { method: 'GET', path: '/audit/chain-head', roles: [...WATCHING, 'platform_admin'] },
  'audit.recent': { method: 'GET', path: '/audit/events/recent', roles: [...WATCHING, 'platform_admin'] },

  healthz: { method: 'GET', path: '/healthz', roles: 'public' },
  readyz: { method: 'GET', path: '/readyz', roles: 'public' },
  metrics: { method: 'GET', path: '/metrics', roles: 'public' },
  openapi: { method: 'GET', path: '/openapi.json', roles: 'public' },
  docs: { method: 'GET', path: '/docs', roles: 'public' },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type RouteName = keyof typeof ENDPOINTS;
