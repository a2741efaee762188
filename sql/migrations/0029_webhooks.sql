-- Telling other programs: a tenant's webhook endpoints, their secrets, and each message to one of them with its attempts.

-- To which public key secrets are sealed that only workers open. The private key is wrapped by the master key, as data keys
-- are, and the newest one seals. Of the installation, without a tenant.
create table core.sealing_keys (
  id text primary key check (id ~ '^[0-9a-f]{16}$'),
  public_key bytea not null check (octet_length(public_key) = 32),
  version integer not null check (version > 0),
  master_key_id text not null,
  wrapped_key bytea not null,
  created_at timestamptz not null,
  wrapped_at timestamptz not null
);

-- Where a tenant is told of what happens. Another address is another endpoint; a deleted one keeps its row for its messages.
create table core.webhook_endpoints (
  tenant_id text not null references core.tenants (id),
  id uuid not null,
  url text not null check (length(url) <= 2000 and url ~ '^https?://[!-~]+$'),
  event_types text[] not null check (cardinality(event_types) between 1 and 50),
  state text not null check (state in ('active', 'disabled', 'deleted')),
  -- Why it was disabled; null when a person did it.
  code text check (code ~ '^[a-z_]+$'),
  created_by uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references core.members (tenant_id, user_id),
  check (code is null or state <> 'active')
);

-- Secrets of an endpoint, the newest last. Each but the newest runs out, so that whoever listens can change over.
create table core.webhook_secrets (
  tenant_id text not null,
  endpoint_id uuid not null,
  ordinal integer not null check (ordinal > 0),
  sealing_key_id text not null references core.sealing_keys (id),
  sealed_secret bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (tenant_id, endpoint_id, ordinal),
  foreign key (tenant_id, endpoint_id) references core.webhook_endpoints (tenant_id, id)
);

-- One message to one endpoint: its id is the webhook-id of every attempt, its body the same bytes each time.
create table core.webhook_deliveries (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  endpoint_id uuid not null,
  -- Null for a ping.
  outbox_id uuid,
  type text not null check (type ~ '^[a-z][a-z_]*\.[a-z_]+$'),
  body text not null check (octet_length(body) <= 20000),
  state text not null check (state in ('pending', 'delivered', 'failed')),
  code text check (code ~ '^[a-z_]+$'),
  -- Raised when a person has it sent again: the schedule begins anew.
  round integer not null default 1 check (round > 0),
  attempts integer not null default 0 check (attempts >= 0),
  next_at timestamptz,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  -- A row of the outbox is one message to an endpoint, whoever looks at it how often.
  unique (tenant_id, endpoint_id, outbox_id),
  foreign key (tenant_id, endpoint_id) references core.webhook_endpoints (tenant_id, id),
  foreign key (tenant_id, outbox_id) references core.outbox (tenant_id, id),
  check ((state = 'pending') = (next_at is not null)),
  check ((state = 'failed') = (code is not null))
);
create index webhook_deliveries_by_endpoint on core.webhook_deliveries (tenant_id, endpoint_id, created_at desc, id desc);

-- Each attempt is a row before it is sent, so that one whose worker was killed is seen.
create table core.webhook_attempts (
  tenant_id text not null,
  delivery_id uuid not null,
  attempt integer not null check (attempt > 0),
  round integer not null check (round > 0),
  state text not null check (state in ('open', 'delivered', 'failed', 'lost')),
  code text check (code ~ '^[a-z_]+$'),
  -- What the endpoint answered, if it did.
  status integer check (status between 100 and 999),
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, delivery_id, attempt),
  foreign key (tenant_id, delivery_id) references core.webhook_deliveries (tenant_id, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state in ('failed', 'lost')) = (code is not null))
);
create unique index webhook_attempts_one_open on core.webhook_attempts (tenant_id, delivery_id) where state = 'open';

-- Tenants that want to be told of anything: of the others' outboxes no work is made.
create table core.told_tenants (
  tenant_id text primary key references core.tenants (id),
  told_since timestamptz not null
);

alter table core.worklist drop constraint worklist_kind_check;
alter table core.worklist add constraint worklist_kind_check
  check (kind in ('run', 'intent', 'document', 'replay', 'notice', 'delivery'));
