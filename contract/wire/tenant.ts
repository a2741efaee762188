import { z } from 'zod';
import { id, instant, natural64, role, tenantId, text } from './primitives';

const facts = {
  name: text(200),
  currency: z.string().regex(/^[A-Z]{3}$/),
  units: z.enum(['metric', 'imperial']),
  time_zone: text(100).meta({ description: 'IANA name' }),
  places: z.array(text(100)).max(200),
};

/** Where a member is written to: what the database takes, and mail can be sent to. */
const email = z.email().max(254);

export const tenant = z
  .object({ id: tenantId, kind: z.enum(['farm', 'hospital', 'platform']), ...facts, created_at: instant })
  .meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof tenant>;

/** A tenant with its first admin, who then adds the others. */
export const tenantRequest = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/),
    kind: z.enum(['farm', 'hospital']),
    ...facts,
    places: facts.places.default([]),
    daily_token_budget_nano_usd: natural64,
    admin: z.strictObject({
      user_id: id.optional(),
      display_name: text(200),
      roles: z.array(role).optional(),
      email: email.optional(),
    }),
  })
  .meta({ id: 'TenantRequest' });
export type TenantRequest = z.infer<typeof tenantRequest>;

export const member = z
  .object({
    user_id: id,
    display_name: z.string(),
    kind: z.enum(['person', 'service']),
    roles: z.array(role),
    active: z.boolean(),
    email: z.string().nullable().meta({ description: 'Where this member is written to' }),
    created_at: instant,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;

export const memberRequest = z
  .strictObject({
    user_id: id.optional().meta({ description: 'Made when it is left out' }),
    display_name: text(200).regex(/[\p{L}\p{N}]/u),
    kind: z.enum(['person', 'service']).default('person'),
    roles: z.array(role).min(1),
    email: email.optional().meta({ description: 'Of nobody else in the tenant' }),
  })
  .meta({ id: 'MemberRequest' });

export const memberChange = z
  .strictObject({
    display_name: text(200)
      .regex(/[\p{L}\p{N}]/u)
      .optional(),
    roles: z.array(role).min(1).optional(),
    active: z.boolean().optional(),
    email: email.nullable().optional().meta({ description: 'Null takes it away' }),
  })
  .meta({ id: 'MemberChange' });

export const key = z
  .object({
    id: z.string(),
    user_id: id,
    label: z.string(),
    auth_method: z.enum(['local_token', 'oidc', 'service']),
    created_at: instant,
    created_by: id.nullable().meta({
      description: 'The admin who made it, and had its token; null when the system made it',
    }),
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
  })
  .meta({ id: 'Key' });
export type Key = z.infer<typeof key>;

export const keyRequest = z
  .strictObject({ user_id: id, label: text(100), expires_at: instant.nullable().default(null) })
  .meta({ id: 'KeyRequest' });

/** A key and its token, which is shown this once. */
export const keyCreated = key.extend({ token: z.string() }).meta({ id: 'KeyCreated' });
export type KeyCreated = z.infer<typeof keyCreated>;

export const tenantCreated = z
  .object({ tenant, admin: member, key: keyCreated })
  .meta({ id: 'TenantCreated' });
export type TenantCreated = z.infer<typeof tenantCreated>;

/** Whose key this is. */
export const me = z.object({ tenant, member, key_id: z.string() }).meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

/** Which member a subject is, by the tenant's own stable id of that person. Null: nobody is a member. */
export const subject = z
  .object({
    subject_id: z.string(),
    user_id: id.nullable(),
    version: z.int(),
    set_by: id,
    run_id: id.nullable().meta({ description: 'The run that named both first, if none of the admins did' }),
    set_at: instant,
  })
  .meta({ id: 'Subject' });
export type Subject = z.infer<typeof subject>;

export const subjectRequest = z.strictObject({ user_id: id.nullable() }).meta({ id: 'SubjectRequest' });
