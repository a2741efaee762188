-- What fails again and again among the work across tenants: it is looked at ever more rarely, and seen by operations.
alter table core.worklist
  -- In a row.
  add column failures integer not null default 0 check (failures >= 0),
  add column failed_at timestamptz,
  -- When it was last put before its turn, because its workflow had ended.
  add column hastened_at timestamptz,
  add check ((failures = 0) = (failed_at is null));
