import { z } from 'zod';
import { exampleMessage, SUBSCRIBED_TYPES, WEBHOOK_TYPES, type WebhookTypeName } from '../webhooks';
import { id, instant, listQuery } from './primitives';

const eventTypes = z.array(z.enum(SUBSCRIBED_TYPES)).min(1).max(50);

/** Where a tenant's program is told of what happens. */
export const webhook = z
  .object({
    id,
    url: z.string(),
    event_types: z.array(z.string()),
    state: z.enum(['active', 'disabled']),
    code: z.string().nullable().meta({ description: 'Why it was disabled; null when a person did it' }),
    secret_version: z.int().meta({ description: 'Which one of its secrets signs' }),
    previous_secret_until: instant
      .nullable()
      .meta({ description: 'Until then the secret before signs beside it' }),
    created_by: id,
    created_at: instant,
    changed_at: instant,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof webhook>;

export const webhookRequest = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .max(2_000)
      .regex(/^[!-~]+$/)
      .meta({
        description: 'https, of the public internet, port 443 or 8443',
        example: 'https://example.com/hook',
      }),
    event_types: eventTypes.optional().meta({ description: 'All of them when it is left out' }),
  })
  .meta({ id: 'WebhookRequest' });

export const webhookChange = z
  .strictObject({ event_types: eventTypes.optional(), state: z.enum(['active', 'disabled']).optional() })
  .meta({ id: 'WebhookChange' });

const secret = z
  .string()
  .meta({ description: 'whsec_…: shown this once', example: 'whsec_MfKQ9r8GKYqrTwjU' });

export const webhookCreated = webhook.extend({ secret }).meta({ id: 'WebhookCreated' });
export type WebhookCreated = z.infer<typeof webhookCreated>;

export const rotation = z
  .strictObject({
    overlap_hours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .meta({ description: 'For how long the secret before signs beside the new one' }),
  })
  .meta({ id: 'WebhookRotation' });

export const deliveryAttempt = z
  .object({
    attempt: z.int(),
    state: z.enum(['open', 'delivered', 'failed', 'lost']),
    code: z.string().nullable(),
    status: z.int().nullable().meta({ description: 'What the endpoint answered, if it did' }),
    started_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'WebhookAttempt' });

/** One message to one endpoint, with every attempt at it. Its id is the `webhook-id` of each. */
export const delivery = z
  .object({
    id,
    webhook_id: id,
    type: z.string(),
    state: z.enum(['pending', 'delivered', 'failed']),
    code: z.string().nullable(),
    next_at: instant.nullable(),
    occurred_at: instant,
    created_at: instant,
    attempts: z.array(deliveryAttempt),
    body: z.string().meta({ description: 'The bytes that are sent and signed' }),
  })
  .meta({ id: 'WebhookDelivery' });
export type Delivery = z.infer<typeof delivery>;

export const deliveryQuery = listQuery.extend({
  state: z.enum(['pending', 'delivered', 'failed']).optional(),
});

export const replayRequest = z
  .union([z.strictObject({ delivery_id: id }), z.strictObject({ from: instant, until: instant })])
  .meta({
    id: 'WebhookReplay',
    description:
      'One message, whatever became of it; or those that failed and were made from then until then',
  });

export const replayed = z.object({ messages: z.int() }).meta({ id: 'WebhookReplayed' });
export const pinged = z.object({ delivery_id: id }).meta({ id: 'WebhookPinged' });

export const webhookType = z
  .object({ type: z.string(), summary: z.string(), example: z.looseObject({}) })
  .meta({ id: 'WebhookType' });
export const webhookTypes = z.object({ items: z.array(webhookType) }).meta({ id: 'WebhookTypes' });

const mailPreference = z.enum(['none', 'digest', 'each']);
export type MailPreference = z.infer<typeof mailPreference>;

/** How the caller is written to, where the installation has a mail server. */
export const notifications = z
  .object({
    mail: mailPreference.meta({ description: 'Each notice by itself, one digest an hour, or none' }),
    email: z.string().nullable().meta({ description: 'Where to; an admin changes it' }),
  })
  .meta({ id: 'Notifications' });
export const notificationsRequest = z
  .strictObject({ mail: mailPreference })
  .meta({ id: 'NotificationsRequest' });

/** Fields that may say nothing, though their example does. */
const NULLABLE: ReadonlySet<string> = new Set(['record_type']);

/** The schema of a type's messages, from its example: each has exactly the fields that the example has. */
export function messageSchema(type: WebhookTypeName): z.ZodObject {
  return z
    .object({
      type: z.literal(type),
      timestamp: instant.meta({ description: 'When it happened, not when it is sent' }),
      data: shapeOf(WEBHOOK_TYPES[type].data),
    })
    .meta({ description: WEBHOOK_TYPES[type].summary, example: exampleMessage(type) });
}

function shapeOf(example: Readonly<Record<string, unknown>>): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(example).map(([name, value]) => {
        const schema = fieldOf(name, value);
        return [name, value === null || NULLABLE.has(name) ? schema.nullable() : schema];
      }),
    ),
  );
}

function fieldOf(name: string, value: unknown): z.ZodType {
  if (typeof value === 'boolean') return z.boolean();
  if (typeof value === 'object' && value !== null) return shapeOf(value as Record<string, unknown>);
  return name.endsWith('_id') ? id : z.string();
}
