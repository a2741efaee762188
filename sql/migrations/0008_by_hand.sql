-- A run that a person records by hand, because what was asked for was refused or failed: it makes no call and holds no
-- credit, and opens one manual gate for the chosen record type.
alter table core.runs
  add column by_hand_of uuid,
  add column by_hand_record_type text references core.record_types (name),
  add foreign key (tenant_id, by_hand_of) references core.runs (tenant_id, id),
  add check ((by_hand_of is null) = (by_hand_record_type is null)),
  add check (by_hand_of is null or reserved_credits = 0);
