-- A record that was written is corrected or undone by a record of its own, with its own run, gate and decision. The row of
-- before never changes; what stands for it now is found from the one that names it.

-- A run that asks to correct or undo a record. It makes no call and holds no credit, as one that is recorded by hand.
alter table core.runs
  add column compensates_record_id uuid,
  add column compensation_act text check (compensation_act in ('correct', 'undo')),
  add check ((compensates_record_id is null) = (compensation_act is null)),
  add check (compensates_record_id is null or (by_hand_of is null and resend_of is null and reserved_credits = 0));
create index runs_compensating on core.runs (tenant_id, compensates_record_id) where compensates_record_id is not null;

alter table core.records
  add column compensates_record_id uuid,
  add column act text not null default 'write' check (act in ('write', 'correct', 'undo')),
  add foreign key (tenant_id, compensates_record_id) references core.records (tenant_id, id),
  add check ((act = 'write') = (compensates_record_id is null)),
  add check (compensates_record_id <> id);
alter table core.runs add foreign key (tenant_id, compensates_record_id) references core.records (tenant_id, id);
-- Whatever was asked for at once: one record stands for another, or none.
create unique index records_compensated_once on core.records (tenant_id, compensates_record_id) where compensates_record_id is not null;

-- A fact whose record was undone or corrected: it stays, at the tier of what anybody may have imported, and names the decision.
alter table core.worker_trust_records
  add column retracted_by_decision_id uuid,
  add foreign key (tenant_id, retracted_by_decision_id) references core.decisions (tenant_id, id),
  add check (retracted_by_decision_id is null or tier = 1);
