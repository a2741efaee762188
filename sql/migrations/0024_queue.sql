-- Working a queue: who took a gate from whom, what reviewers asked of the requester, and verdicts given on many gates at once.

-- Each time that a gate's holder was changed by somebody else, and why. Everybody who sees the gate sees it, the former holder too.
create table core.gate_handovers (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  act text not null check (act in ('stolen', 'reassigned')),
  -- Null where nobody held it.
  from_user_id uuid,
  to_user_id uuid not null,
  by_user_id uuid not null,
  reason_content_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, from_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, to_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, by_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, reason_content_id) references core.contents (tenant_id, id),
  check (from_user_id is distinct from to_user_id),
  check (act <> 'stolen' or (from_user_id is not null and by_user_id = to_user_id))
);
create index gate_handovers_by_gate on core.gate_handovers (tenant_id, gate_id);

-- What a reviewer wants to know of whoever asked for the run, and the one answer to it.
create table core.gate_questions (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  gate_id uuid not null,
  asked_by uuid not null,
  question_content_id uuid not null,
  asked_at timestamptz not null,
  primary key (tenant_id, id),
  unique (tenant_id, id, gate_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, asked_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, question_content_id) references core.contents (tenant_id, id)
);
create index gate_questions_by_gate on core.gate_questions (tenant_id, gate_id);
create table core.gate_answers (
  tenant_id text not null,
  question_id uuid not null,
  gate_id uuid not null,
  answered_by uuid not null,
  answer_content_id uuid not null,
  answered_at timestamptz not null,
  primary key (tenant_id, question_id),
  foreign key (tenant_id, question_id, gate_id) references core.gate_questions (tenant_id, id, gate_id),
  foreign key (tenant_id, answered_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, answer_content_id) references core.contents (tenant_id, id)
);

-- Of a gate's questions and answers, how many there are, so that gates without any are spared looking; and whether one of
-- them is open, so that a list can ask for it.
alter table core.gates
  add column exchanges integer not null default 0 check (exchanges >= 0),
  add column waits_for_requester boolean not null default false;
create index gates_waiting_for_requester on core.gates (tenant_id, due_at, id) where closed_at is null and waits_for_requester;
create index gates_open_by_opening on core.gates (tenant_id, opened_at, id) where closed_at is null;
create index gates_by_due on core.gates (tenant_id, due_at, id);
create index gates_closed_by_due on core.gates (tenant_id, due_at, id) where closed_at is not null;
create index gates_by_opening on core.gates (tenant_id, opened_at, id);

-- One verdict on many gates: the key under which it was sent, and for each gate the intent that it became, or why it did not.
create table core.bulk_verdicts (
  tenant_id text not null,
  key text not null check (length(key) between 1 and 255),
  user_id uuid not null,
  request_salt bytea not null,
  request_commitment bytea not null,
  items jsonb not null check (jsonb_typeof(items) = 'array'),
  at timestamptz not null,
  primary key (tenant_id, key),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id)
);
