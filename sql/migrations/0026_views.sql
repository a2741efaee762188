-- What a reviewer thought of a gate before the model's answer was shown: once each, and never changed.
create table core.gate_views (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  user_id uuid not null,
  gate_version integer not null,
  opinion text not null check (opinion in ('approve', 'reject', 'escalate')),
  disposition text check (disposition in ('grant', 'grant_with_conditions', 'deny', 'defer')),
  -- {"opinion", "disposition", "note"}: its commitment is what the chain tells of it, so that nobody else's view is known.
  view_content_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, gate_id, user_id),
  unique (tenant_id, id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, view_content_id) references core.contents (tenant_id, id),
  check (disposition is null or opinion = 'approve')
);
