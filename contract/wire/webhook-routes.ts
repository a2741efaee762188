/** What the addresses of webhooks, and of how people are written to, take and answer: a part of the table in routes.ts. */
import { listOf, listQuery } from './primitives';
import type { RouteShape } from './routes';
import * as hooks from './webhook';

export const WEBHOOK_SHAPES = {
  'notifications.get': {
    summary: 'How you are written to',
    answers: { 200: hooks.notifications },
    codes: [],
  },
  'notifications.put': {
    summary: 'Say how you want to be written to',
    body: hooks.notificationsRequest,
    answers: { 200: hooks.notifications },
    codes: [],
  },
  'webhooks.types': {
    summary: 'What webhooks can be told of, each with an example',
    answers: { 200: hooks.webhookTypes },
    codes: [],
  },
  'webhooks.list': {
    summary: 'Webhooks of the tenant, without their secrets',
    query: listQuery,
    answers: { 200: listOf(hooks.webhook) },
    codes: [],
  },
  'webhooks.create': {
    summary: 'Add a webhook; its secret is shown this once',
    body: hooks.webhookRequest,
    answers: { 201: hooks.webhookCreated },
    codes: ['webhook_address_refused', 'webhook_limit'],
  },
  'webhooks.get': {
    summary: 'One webhook',
    answers: { 200: hooks.webhook },
    codes: ['webhook_not_found'],
  },
  'webhooks.change': {
    summary: 'Change what a webhook is told of, disable or enable it',
    body: hooks.webhookChange,
    answers: { 200: hooks.webhook },
    codes: ['webhook_not_found'],
  },
  'webhooks.delete': {
    summary: 'Delete a webhook; what waits for it ends',
    answers: { 204: 'nothing' },
    codes: ['webhook_not_found'],
  },
  'webhooks.rotate': {
    summary: 'Give a webhook its next secret, shown this once; the one before signs beside it for a while',
    body: hooks.rotation,
    bodyOptional: true,
    answers: { 200: hooks.webhookCreated },
    codes: ['webhook_not_found', 'version_stale'],
  },
  'webhooks.ping': {
    summary: 'Send a webhook a message that tells of nothing',
    answers: { 202: hooks.pinged },
    codes: ['webhook_not_found', 'webhook_disabled'],
  },
  'webhooks.deliveries': {
    summary: 'Messages to a webhook with every attempt at them, newest first',
    query: hooks.deliveryQuery,
    answers: { 200: listOf(hooks.delivery) },
    codes: ['webhook_not_found'],
  },
  'webhooks.replay': {
    summary: 'Send messages to a webhook again, each under the id that it had',
    body: hooks.replayRequest,
    answers: { 202: hooks.replayed },
    codes: ['webhook_not_found', 'webhook_disabled', 'delivery_not_found'],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
