-- Tenants, their people and keys. `__platform__` is the level above, `__global__` the shared knowledge.
create table core.tenants (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{1,62}$' or id in ('__platform__', '__global__')),
  kind text not null check (kind in ('farm', 'hospital', 'platform')),
  name text not null check (core.has_letter_or_digit(name)),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  units text not null check (units in ('metric', 'imperial')),
  time_zone text not null check (time_zone <> ''),
  places text[] not null default '{}',
  created_at timestamptz not null,
  created_by uuid
);

-- Names of tenants for work before or across tenants; read by definer functions that return ids only.
create table core.tenant_directory (
  tenant_id text primary key references core.tenants (id)
);

create table core.members (
  tenant_id text not null references core.tenants (id),
  user_id uuid not null,
  display_name text not null check (core.has_letter_or_digit(display_name)),
  kind text not null check (kind in ('person', 'service')),
  roles text[] not null check (
    cardinality(roles) > 0
    and roles <@ array['requester', 'reviewer', 'senior', 'admin', 'auditor', 'operator', 'platform_admin']),
  active boolean not null default true,
  created_at timestamptz not null,
  unique (tenant_id, user_id)
);

create table core.api_keys (
  tenant_id text not null,
  id text not null check (id ~ '^[a-z0-9]{16}$'),
  user_id uuid not null,
  label text not null,
  secret_sha256 bytea not null check (octet_length(secret_sha256) = 32),
  -- How and when the person behind the key signed in; a service key proves nobody.
  auth_method text not null check (auth_method in ('local_token', 'oidc', 'service')),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id)
);

-- From the public part of a key to its tenant, before any tenant is entered.
create table core.key_directory (
  key_id text primary key,
  tenant_id text not null,
  foreign key (tenant_id, key_id) references core.api_keys (tenant_id, id)
);

-- The key under which call keys are made. It leaves the database only to the worker.
create table core.tenant_secrets (
  tenant_id text primary key references core.tenants (id),
  call_key_secret bytea not null check (octet_length(call_key_secret) = 32)
);

-- The platform's own chain and settings, and the shared knowledge, are there before any tenant.
insert into core.tenants (id, kind, name, currency, units, time_zone, created_at) values
  ('__platform__', 'platform', 'The platform', 'USD', 'metric', 'UTC', clock_timestamp()),
  ('__global__', 'platform', 'Shared knowledge', 'USD', 'metric', 'UTC', clock_timestamp());
insert into core.tenant_directory (tenant_id) values ('__platform__');
