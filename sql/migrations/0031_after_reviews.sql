-- What the system did by itself under a policy: for how long it may be undone, and which acts people look at afterwards.
alter table core.ai_policy_controls
  add column undo_window_hours integer not null default 72 check (undo_window_hours between 0 and 8760),
  add column auto_review_permille integer not null default 100 check (auto_review_permille between 0 and 1000);

-- What acts are drawn by. It never leaves the database, so nobody can tell beforehand which act will be looked at.
alter table core.tenant_secrets
  add column review_secret bytea not null
    default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    check (octet_length(review_secret) = 32);

-- Acts that were drawn, in the transaction that acted.
create table core.act_samples (
  tenant_id text not null,
  decision_id uuid not null,
  gate_id uuid not null,
  rate_permille integer not null check (rate_permille between 1 and 1000),
  drawn_permille integer not null check (drawn_permille between 0 and 999),
  drawn_at timestamptz not null,
  primary key (tenant_id, decision_id),
  foreign key (tenant_id, decision_id, gate_id) references core.decisions (tenant_id, id, gate_id),
  check (drawn_permille < rate_permille)
);
create index act_samples_by_time on core.act_samples (tenant_id, drawn_at, decision_id);

-- What a person says of a drawn act: one verdict each, for good. It decides nothing: who disagrees may have the act undone.
create table core.act_reviews (
  tenant_id text not null,
  decision_id uuid not null,
  verdict text not null check (verdict in ('agree', 'disagree')),
  reason_code text,
  reason_content_id uuid,
  actor_user_id uuid not null,
  key_id text not null,
  reviewed_at timestamptz not null,
  primary key (tenant_id, decision_id),
  foreign key (tenant_id, decision_id) references core.act_samples (tenant_id, decision_id),
  foreign key (tenant_id, reason_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, actor_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, key_id) references core.api_keys (tenant_id, id),
  -- The same effort for either.
  check (reason_code is not null or reason_content_id is not null)
);
