-- Proposals, gates, intents, decisions, effects.

create table core.proposals (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  kind text not null check (kind in ('draft', 'recommendation', 'manual')),
  record_type text not null,
  record_class text not null,
  ai_run_id uuid,
  payload_content_id uuid not null,
  hash bytea not null,
  confidence_permille integer check (confidence_permille between 0 and 1000),
  -- False for an answer that a blocking eval keeps from view.
  shown boolean not null,
  outcome text check (outcome in ('approved', 'applied', 'rejected', 'expired', 'withdrawn', 'advised', 'blocked')),
  possible_duplicate_of uuid,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, ordinal),
  unique (tenant_id, id, record_class),
  unique (tenant_id, id, record_type),
  foreign key (record_type, record_class) references core.record_types (name, class),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id),
  foreign key (tenant_id, payload_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, possible_duplicate_of) references core.proposals (tenant_id, id),
  check (ordinal < 40),
  -- An AI advisory stands behind every proposal but a manual one.
  check ((kind = 'manual') = (ai_run_id is null))
);
create index proposals_recent on core.proposals (tenant_id, record_type, created_at);

-- Pending AI writes: every record that the assistant wants to create lands here first.
create table core.assistant_drafts (
  tenant_id text not null,
  proposal_id uuid not null,
  record_type text not null references core.record_types (name),
  status text not null check (status in ('pending', 'confirmed', 'discarded')),
  changed_at timestamptz not null,
  primary key (tenant_id, proposal_id),
  foreign key (tenant_id, proposal_id, record_type) references core.proposals (tenant_id, id, record_type)
);

-- Suggestions that write nothing.
create table core.ai_recommendations (
  tenant_id text not null,
  proposal_id uuid not null,
  status text not null check (status in ('pending', 'approved', 'rejected', 'lapsed', 'advised')),
  changed_at timestamptz not null,
  primary key (tenant_id, proposal_id),
  foreign key (tenant_id, proposal_id) references core.proposals (tenant_id, id)
);

create table core.ai_evals (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  ai_run_id uuid not null,
  ordinal integer not null,
  name text not null,
  version integer not null,
  verdict text not null check (verdict in ('pass', 'fail')),
  severity text not null check (severity in ('block', 'flag')),
  reason text not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, ai_run_id, ordinal, name, version),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id)
);

create table core.gates (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  proposal_id uuid not null,
  record_class text not null,
  version integer not null check (version > 0),
  proposal_hash bytea not null,
  manual boolean not null,
  question_content_id uuid not null,
  -- Any of these roles may hold a seat; escalation by timer adds one, escalation by a reviewer replaces them.
  roles text[] not null check (cardinality(roles) > 0),
  seats integer not null check (seats between 1 and 9),
  separation text not null check (separation in ('none', 'second_person', 'n_of_m')),
  rationale_rule text not null check (rationale_rule in ('text', 'reason_code')),
  reason_codes text[] not null,
  dispositions text[] not null,
  escalation_level integer not null default 0 check (escalation_level >= 0),
  opened_at timestamptz not null,
  due_at timestamptz not null check (due_at > opened_at),
  closed_at timestamptz,
  claimed_by uuid,
  claimed_until timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, proposal_id),
  unique (tenant_id, id, record_class),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, proposal_id, record_class) references core.proposals (tenant_id, id, record_class),
  foreign key (tenant_id, question_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, claimed_by) references core.members (tenant_id, user_id),
  check ((claimed_by is null) = (claimed_until is null)),
  check (record_class not in ('privileging', 'credentialing', 'hiring') or separation <> 'none')
);
create index gates_open on core.gates (tenant_id, due_at, id) where closed_at is null;
create index gates_by_run on core.gates (tenant_id, run_id);

-- The instants at which a gate does something by itself, frozen when it opens.
create table core.gate_instants (
  tenant_id text not null,
  gate_id uuid not null,
  ordinal integer not null,
  kind text not null check (kind in ('reminder', 'escalation')),
  at timestamptz not null,
  role text,
  fired_at timestamptz,
  primary key (tenant_id, gate_id, ordinal),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  check ((kind = 'escalation') = (role is not null))
);

create table core.gate_recusals (
  tenant_id text not null,
  gate_id uuid not null,
  user_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, gate_id, user_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id)
);

create table core.gate_comments (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  user_id uuid not null,
  comment_content_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, comment_content_id) references core.contents (tenant_id, id)
);
create index gate_comments_by_gate on core.gate_comments (tenant_id, gate_id);

-- A reviewer's authenticated, stored verdict. From its commit on it is accepted, and no error hides it.
create table core.intents (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  gate_version integer not null,
  proposal_hash bytea not null,
  shown_hash bytea not null,
  verdict text not null check (verdict in ('approve', 'reject', 'escalate')),
  disposition text check (disposition in ('grant', 'grant_with_conditions', 'deny', 'defer')),
  reason_code text,
  rationale_content_id uuid,
  edits_content_id uuid,
  actor_user_id uuid not null,
  key_id text not null,
  auth_method text not null check (auth_method in ('local_token', 'oidc')),
  authenticated_at timestamptz not null,
  stored_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, id, gate_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, actor_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, key_id) references core.api_keys (tenant_id, id),
  foreign key (tenant_id, rationale_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, edits_content_id) references core.contents (tenant_id, id),
  check (edits_content_id is null or verdict = 'approve')
);
create index intents_by_gate on core.intents (tenant_id, gate_id);

create table core.decisions (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  run_id uuid not null,
  proposal_id uuid not null,
  record_class text not null,
  gate_version integer not null,
  verdict text not null check (verdict in ('approve', 'reject', 'escalate')),
  -- The only places of an actor: ai_advisory is not one of them.
  actor_kind text not null check (actor_kind in ('human', 'system')),
  actor_user_id uuid not null,
  -- Of a system act: the policy version under which, and the person who set it (as actor_user_id).
  authority_policy_version integer,
  intent_id uuid,
  ai_advisory_id uuid,
  manual boolean not null,
  proposal_hash bytea not null,
  shown_hash bytea,
  disposition text,
  reason_code text,
  decision_rationale_content_id uuid,
  rationale_rule text not null,
  edits_content_id uuid,
  self_confirmed boolean not null,
  decided_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, intent_id),
  unique (tenant_id, id, gate_id),
  foreign key (tenant_id, gate_id, record_class) references core.gates (tenant_id, id, record_class),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, proposal_id, record_class) references core.proposals (tenant_id, id, record_class),
  foreign key (tenant_id, actor_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, authority_policy_version) references core.ai_policy_controls (tenant_id, version),
  foreign key (tenant_id, intent_id, gate_id) references core.intents (tenant_id, id, gate_id),
  foreign key (tenant_id, ai_advisory_id) references core.ai_runs (tenant_id, id),
  foreign key (tenant_id, decision_rationale_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, edits_content_id) references core.contents (tenant_id, id),
  -- All but routine are decided by a human; a system act is the auto tier's approval of a routine record.
  check (actor_kind = 'human' or (record_class = 'routine' and verdict = 'approve')),
  -- A human act has its intent and what was shown; a system act has its authority.
  check ((actor_kind = 'human') = (intent_id is not null)),
  check ((actor_kind = 'human') = (shown_hash is not null)),
  check ((actor_kind = 'system') = (authority_policy_version is not null)),
  check (manual = (ai_advisory_id is null)),
  check (actor_kind = 'system' or decision_rationale_content_id is not null
    or (rationale_rule = 'reason_code' and reason_code is not null)),
  check (rationale_rule in ('text', 'reason_code'))
);
-- A person holds one seat of a gate version at most.
create unique index decisions_one_seat on core.decisions (tenant_id, gate_id, gate_version, actor_user_id);
create index decisions_by_run on core.decisions (tenant_id, run_id);

-- The one terminal outcome of a gate.
create table core.gate_outcomes (
  tenant_id text not null,
  gate_id uuid not null,
  outcome text not null check (outcome in ('approved', 'applied', 'rejected', 'expired', 'withdrawn')),
  decision_id uuid,
  actor_kind text not null check (actor_kind in ('human', 'system')),
  actor_user_id uuid,
  at timestamptz not null,
  primary key (tenant_id, gate_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, decision_id, gate_id) references core.decisions (tenant_id, id, gate_id),
  foreign key (tenant_id, actor_user_id) references core.members (tenant_id, user_id),
  -- Nothing says approved, applied or rejected without a decision; expiry and withdrawal are none.
  check ((outcome in ('approved', 'applied', 'rejected')) = (decision_id is not null)),
  check (outcome not in ('approved', 'rejected') or actor_kind = 'human'),
  check (outcome not in ('applied', 'expired') or actor_kind = 'system')
);

-- What became of an intent: one row, where everybody reads it.
create table core.intent_outcomes (
  tenant_id text not null,
  intent_id uuid not null,
  outcome text not null check (outcome in ('applied', 'conflict', 'superseded', 'taken_back', 'late')),
  code text,
  decision_id uuid,
  at timestamptz not null,
  primary key (tenant_id, intent_id),
  foreign key (tenant_id, intent_id) references core.intents (tenant_id, id),
  foreign key (tenant_id, decision_id) references core.decisions (tenant_id, id),
  check ((outcome = 'conflict') = (code is not null)),
  check (outcome <> 'applied' or decision_id is not null)
);

-- What a decision wrote.
create table core.records (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  decision_id uuid not null,
  gate_id uuid not null,
  run_id uuid not null,
  proposal_id uuid not null,
  record_type text not null references core.record_types (name),
  content_id uuid not null,
  content_hash bytea not null,
  written_at timestamptz not null,
  primary key (tenant_id, id),
  -- One effect of a decision, and none without one.
  unique (tenant_id, proposal_id),
  foreign key (tenant_id, decision_id, gate_id) references core.decisions (tenant_id, id, gate_id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, proposal_id, record_type) references core.proposals (tenant_id, id, record_type),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);
create index records_by_decision on core.records (tenant_id, decision_id);
create index records_by_run on core.records (tenant_id, run_id);
create index records_by_type on core.records (tenant_id, record_type, written_at desc);

-- What the AI advised on privileges: a log of advice, never of decisions.
create table core.privileging_recommendation_log (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  proposal_id uuid not null,
  ai_run_id uuid not null,
  actor_kind text not null default 'ai_advisory' check (actor_kind = 'ai_advisory'),
  proposal_hash bytea not null,
  confidence_permille integer not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, proposal_id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, proposal_id) references core.proposals (tenant_id, id),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id)
);

create table core.ai_feedback (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  user_id uuid not null,
  thumb text not null check (thumb in ('up', 'down')),
  comment_content_id uuid,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, comment_content_id) references core.contents (tenant_id, id)
);
create index ai_feedback_by_run on core.ai_feedback (tenant_id, run_id);
