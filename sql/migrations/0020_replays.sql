-- Replays: the stored prompt of a run's call asked once more, as a model call of its own, to see whether the same comes back.
-- Nothing follows from one but what it says: the stored answer stays the one that counts.
create table core.replays (
  tenant_id text not null,
  -- Also its workflow's.
  id uuid not null default app.new_id(),
  run_id uuid not null,
  -- The call whose prompt is repeated, and the one that repeats it, once it is claimed.
  call_id uuid not null,
  replay_call_id uuid,
  requested_by uuid not null,
  request_key text not null check (length(request_key) between 1 and 255),
  state text not null check (state in ('accepted', 'closed')),
  outcome text check (outcome in ('compared', 'refused', 'failed')),
  code text check (code ~ '^[a-z_]+$'),
  -- Byte by byte, as JSON, or not.
  agreement text check (agreement in ('exact', 'canonical', 'differs')),
  fields_compared integer check (fields_compared > 0),
  fields_differing integer check (fields_differing between 0 and fields_compared),
  -- JSON pointers to the first of them. Names that no schema declares are not in it: a model may write anything into one.
  differing text[] check (cardinality(differing) <= 50),
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id, call_id) references core.run_calls (tenant_id, run_id, ai_run_id),
  foreign key (tenant_id, replay_call_id) references core.ai_runs (tenant_id, id),
  foreign key (tenant_id, requested_by) references core.members (tenant_id, user_id),
  check ((state = 'closed') = (closed_at is not null)),
  check ((state = 'closed') = (outcome is not null)),
  check (outcome is null or (outcome = 'compared') = (code is null)),
  check ((agreement is not null) = (outcome is not null and outcome = 'compared')),
  check ((agreement is null) = (fields_compared is null) and (agreement is null) = (fields_differing is null)
    and (agreement is null) = (differing is null)),
  check (agreement is null or (agreement = 'differs') = (fields_differing > 0))
);
create unique index replays_request_key on core.replays (tenant_id, request_key);
create index replays_by_run on core.replays (tenant_id, run_id, created_at);
create unique index replays_by_call on core.replays (tenant_id, replay_call_id) where replay_call_id is not null;

alter table core.ai_runs add check (kind <> 'replay' or parent_id is not null);

alter table core.worklist drop constraint worklist_kind_check;
alter table core.worklist add constraint worklist_kind_check check (kind in ('run', 'intent', 'document', 'replay'));

-- What was said with somebody, summed up, is a third source of passages beside documents and confirmed facts.
alter table core.documents drop constraint documents_source_type_check;
alter table core.documents add constraint documents_source_type_check check (source_type in ('document', 'memory', 'convo_summary'));
alter table core.documents add constraint summary_is_text check (source_type <> 'convo_summary' or media_type = 'text/plain');
