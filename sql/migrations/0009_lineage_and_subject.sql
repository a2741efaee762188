-- What a run descends from and whom it is about, so that neither sending it again nor leaving a name out changes who may
-- decide.
alter table core.runs
  -- The refused or failed run that is sent again here.
  add column resend_of uuid,
  -- The stable id of the person whom the run is about, as its purpose reads it from the input.
  add column subject_id text check (subject_id <> ''),
  add foreign key (tenant_id, resend_of) references core.runs (tenant_id, id),
  add foreign key (tenant_id, subject_user_id) references core.members (tenant_id, user_id),
  add check (resend_of is null or by_hand_of is null),
  -- A lineage ends: nothing descends from itself.
  add check (resend_of <> id and by_hand_of <> id);

-- Which member a subject is, by the tenant's own id of that person. A row per version; the highest rules. One without a
-- member says that nobody is. Set by an admin, or remembered of the run that first named both.
create table core.subject_members (
  tenant_id text not null references core.tenants (id),
  subject_id text not null check (subject_id <> ''),
  version integer not null check (version > 0),
  id uuid not null default app.new_id(),
  user_id uuid,
  set_by uuid not null,
  run_id uuid,
  set_at timestamptz not null,
  primary key (tenant_id, subject_id, version),
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, set_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id) deferrable initially deferred,
  check (run_id is null or user_id is not null)
);
