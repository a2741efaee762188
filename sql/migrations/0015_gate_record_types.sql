-- What a person may record at a gate that opened because there was no advice: record types whose own rules the gate's terms
-- meet. Nobody has chosen for them yet, so whoever approves does. Gates that were open before have none, and write what they
-- asked for.
create table core.gate_record_types (
  tenant_id text not null,
  gate_id uuid not null,
  record_type text not null references core.record_types (name),
  primary key (tenant_id, gate_id, record_type),
  foreign key (tenant_id, gate_id) references core.gates (tenant_id, id)
);

-- The type that the approver named; null where the gate offered none, and the proposal's own is written.
alter table core.intents
  add column record_type text,
  add foreign key (tenant_id, gate_id, record_type) references core.gate_record_types (tenant_id, gate_id, record_type),
  add check (record_type is null or verdict = 'approve');
alter table core.decisions
  add column record_type text,
  add foreign key (tenant_id, gate_id, record_type) references core.gate_record_types (tenant_id, gate_id, record_type),
  add check (record_type is null or (verdict = 'approve' and actor_kind = 'human' and manual));

-- A record is of the type that its decision names, which core.check_record_type holds, and no longer always of its proposal's.
alter table core.records
  drop constraint records_tenant_id_proposal_id_record_type_fkey,
  add foreign key (tenant_id, proposal_id) references core.proposals (tenant_id, id);

insert into core.callers_errors (sqlstate, code) values ('ZC013', 'record_type_unfit');
