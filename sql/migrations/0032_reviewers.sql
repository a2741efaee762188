-- When somebody first held a gate: from then on they have had it before them, which makes the time they took known.
create table core.gate_claims (
  tenant_id text not null,
  gate_id uuid not null,
  user_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, gate_id, user_id),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id)
);

-- Decisions of a time, for what is told of reviewers and drawn by auditors. They are written in the order of their time, so
-- a block range index finds them and costs a decision next to nothing.
create index decisions_by_time on core.decisions using brin (decided_at) with (pages_per_range = 16);
