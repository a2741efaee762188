-- The hash chain, one for each tenant and one for the platform.

-- Events of this transaction that are not sealed yet; empty between transactions.
create table core.audit_pending (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  type text not null,
  actor_kind text not null check (actor_kind in ('human', 'system')),
  actor_user_id uuid,
  run_id uuid,
  body jsonb not null
);

create table core.chain_heads (
  tenant_id text primary key references core.tenants (id),
  seq bigint not null check (seq >= 0),
  entry_hash bytea not null check (octet_length(entry_hash) = 32),
  at timestamptz not null
);

create table core.audit_log (
  tenant_id text not null references core.tenants (id),
  seq bigint not null check (seq > 0),
  at timestamptz not null,
  type text not null check (type ~ '^[a-z][a-z_]*(\.[a-z_]+)?$'),
  actor_kind text not null check (actor_kind in ('human', 'system')),
  actor_user_id uuid,
  run_id uuid,
  payload text not null,
  payload_hash bytea not null,
  prev_hash bytea not null,
  entry_hash bytea not null,
  primary key (tenant_id, seq),
  unique (tenant_id, prev_hash),
  check (payload_hash = sha256(convert_to(payload, 'UTF8'))),
  check (entry_hash = sha256(prev_hash || payload_hash))
);
create index audit_log_by_run on core.audit_log (tenant_id, run_id, seq);

-- Notices to send, written with what they tell of.
create table core.outbox (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  topic text not null,
  run_id uuid,
  gate_id uuid,
  created_at timestamptz not null,
  delivered_at timestamptz,
  primary key (tenant_id, id)
);

-- What operations are paged about: one open page for a cause.
create table core.pages (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  cause text not null,
  code text not null,
  run_id uuid,
  opened_at timestamptz not null,
  count bigint not null default 1,
  acknowledged_by uuid,
  acknowledged_at timestamptz,
  primary key (tenant_id, id)
);
create unique index pages_one_open on core.pages (tenant_id, cause) where acknowledged_at is null;

-- What has to be looked at across tenants, and when: ids only, read by definer functions.
create table core.worklist (
  kind text not null check (kind in ('run', 'intent')),
  tenant_id text not null,
  ref_id uuid not null,
  due_at timestamptz not null,
  primary key (kind, tenant_id, ref_id)
);
create index worklist_due on core.worklist (kind, due_at);
