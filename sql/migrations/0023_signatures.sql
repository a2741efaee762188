-- What a policy changes of open gates, and signatures: proved anew where the tenant asks for it, with their meaning and the name
-- that was printed beside them.

alter table core.ai_policy_controls
  -- Minutes within which a verdict on a protected class is given after its reviewer has proved anew who they are; null: not asked.
  add column reauthenticate_protected_minutes integer check (reauthenticate_protected_minutes between 1 and 60),
  -- The newest version, up to this one, that changed what gates ask. A gate that knows it need not be looked at.
  add column terms_version integer not null default 1;

alter table core.gates
  -- The terms_version of the policy by which it asks what it asks.
  add column terms_version integer not null default 1,
  -- Whom a seat asks that no rule of seats names a role for; what a reviewer has escalated to since. Null for gates of before.
  add column base_role text,
  add column reauthenticate_minutes integer check (reauthenticate_minutes between 1 and 60),
  -- What a reason in words consists of, as the record type declared it: [{"name", "prompt", "dispositions"?}]; none: as one likes.
  add column rationale_parts jsonb not null default '[]' check (jsonb_typeof(rationale_parts) = 'array');

-- What each later version of a gate changed of the one before it, and why.
create table core.gate_versions (
  tenant_id text not null,
  gate_id uuid not null,
  version integer not null check (version > 1),
  cause text not null check (cause in ('policy', 'escalation', 'edit')),
  policy_version integer,
  changed text[] not null check (cardinality(changed) > 0),
  at timestamptz not null,
  primary key (tenant_id, gate_id, version),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, policy_version) references core.ai_policy_controls (tenant_id, version),
  check ((cause = 'policy') = (policy_version is not null))
);

-- That a person has proved anew who they are, for one verdict in these very words. The secret of it is shown once and not kept;
-- without it, what was signed can't be guessed from its hash.
create table core.reauthentications (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  actor_user_id uuid not null,
  key_id text not null,
  secret_sha256 bytea not null check (octet_length(secret_sha256) = 32),
  statement_sha256 bytea not null check (octet_length(statement_sha256) = 32),
  authenticated_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > authenticated_at),
  primary key (tenant_id, id),
  unique (tenant_id, id, gate_id, actor_user_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, actor_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, key_id) references core.api_keys (tenant_id, id)
);
create index reauthentications_by_gate on core.reauthentications (tenant_id, gate_id);

-- The names of people as they are printed beside what they sign, one row for each that somebody signed under.
create table core.printed_names (
  tenant_id text not null,
  user_id uuid not null,
  content_id uuid not null,
  first_used_at timestamptz not null,
  primary key (tenant_id, content_id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);
create index printed_names_by_user on core.printed_names (tenant_id, user_id);
alter table core.contents drop constraint contents_kind_check;
alter table core.contents add constraint contents_kind_check check (kind in ('input', 'prompt', 'output', 'proposal', 'edit', 'question', 'rationale',
  'comment', 'record', 'fact', 'receipt', 'embedding', 'memory', 'reason', 'name'));

alter table core.intents
  add column reauthentication_id uuid,
  add foreign key (tenant_id, reauthentication_id, gate_id, actor_user_id) references core.reauthentications (tenant_id, id, gate_id, actor_user_id);
-- A proof is used once.
create unique index intents_reauthentication_once on core.intents (tenant_id, reauthentication_id) where reauthentication_id is not null;

alter table core.decisions
  -- What a person's signature says of the record.
  add column meaning text generated always as (case
    when actor_kind <> 'human' then null
    when verdict = 'reject' then 'rejection'
    when verdict = 'escalate' then 'review'
    when manual and edits_content_id is not null then 'authorship'
    else 'approval' end) stored,
  add column printed_name_content_id uuid,
  add foreign key (tenant_id, printed_name_content_id) references core.contents (tenant_id, id);
