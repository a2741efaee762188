-- Seats by amount, a role for each seat, verdicts in somebody else's place, and gates that nobody is left to decide.

-- A tenant's own rules of seats: [{"record_type", "from_minor": "500000", "seats": 2, "roles": ["senior"]}]. They only ever
-- add to what the record type asks.
alter table core.ai_policy_controls
  add column seat_rules jsonb not null default '[]' check (jsonb_typeof(seat_rules) = 'array'),
  -- Gates of protected classes ask a reviewer's own view before the model's is shown.
  add column blind_first_protected boolean not null default false;

alter table core.gates
  -- The role of each seat; null where every seat asks any of `roles`.
  add column seat_roles text[],
  -- Roles that time, or want of people, has added: they may hold any seat.
  add column added_roles text[] not null default '{}',
  add column blind_first boolean not null default false,
  -- Since when too few people are left who could decide, so that operations are paged once.
  add column unseatable_at timestamptz,
  add check (seat_roles is null or cardinality(seat_roles) = seats),
  -- There must be something of the model's that can be held back.
  add check (not blind_first or (record_class <> 'routine' and not manual));
do $$
declare
  t text;
begin
  -- What time has added to gates that are open already.
  for t in select tenant_id from core.tenant_directory loop
    perform set_config('app.tenant', t, true);
    update core.gates set added_roles = roles[2:] where closed_at is null and cardinality(roles) > 1;
  end loop;
  perform set_config('app.tenant', '', true);
end
$$;
create index gates_blind on core.gates (tenant_id, run_id) where blind_first and closed_at is null;

-- Who may decide in somebody's place, for a while. Roles count at gates and nowhere else.
create table core.delegations (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  delegator_user_id uuid not null,
  delegate_user_id uuid not null,
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['reviewer', 'senior', 'admin']),
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  reason_content_id uuid not null,
  created_by uuid not null,
  created_at timestamptz not null,
  revoked_by uuid,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, id, delegator_user_id),
  foreign key (tenant_id, delegator_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, delegate_user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, created_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, revoked_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, reason_content_id) references core.contents (tenant_id, id),
  check (delegator_user_id <> delegate_user_id),
  -- Nobody gives themselves what is another's.
  check (created_by <> delegate_user_id),
  check ((revoked_at is null) = (revoked_by is null))
);
create index delegations_by_delegate on core.delegations (tenant_id, delegate_user_id, until_at) where revoked_at is null;

-- In whose place a verdict was given. It takes the seat of both.
alter table core.intents
  add column on_behalf_of uuid,
  add column delegation_id uuid,
  add foreign key (tenant_id, delegation_id, on_behalf_of) references core.delegations (tenant_id, id, delegator_user_id),
  add check ((on_behalf_of is null) = (delegation_id is null)),
  add check (on_behalf_of <> actor_user_id);
create index intents_by_delegation on core.intents (tenant_id, delegation_id) where delegation_id is not null;
alter table core.decisions
  add column on_behalf_of uuid,
  add column delegation_id uuid,
  -- What of the gate's roles the person decided with; null where its seats ask for no role each.
  add column seat_roles text[],
  add foreign key (tenant_id, delegation_id, on_behalf_of) references core.delegations (tenant_id, id, delegator_user_id),
  add check ((on_behalf_of is null) = (delegation_id is null)),
  add check (on_behalf_of <> actor_user_id),
  add check (on_behalf_of is null or actor_kind = 'human');
create unique index decisions_one_seat_for on core.decisions (tenant_id, gate_id, gate_version, on_behalf_of) where on_behalf_of is not null;
