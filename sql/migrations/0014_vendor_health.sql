-- How a model answers at the moment, shared by all workers and tenants; and which ends of agreements were warned of.

-- A circuit breaker for each model: closed while it answers; open for a while after so many failures in a row; then half
-- open, which lets one call find out. No row is a model that has never failed.
create table core.vendor_breakers (
  vendor text not null,
  model text not null,
  region text not null,
  -- In a row, since it last answered.
  failures integer not null check (failures >= 0),
  -- How often it has opened since it last answered: each time for twice as long.
  openings integer not null check (openings >= 0),
  -- Null while closed.
  open_until timestamptz,
  -- Whoever finds out may take until then.
  probe_until timestamptz,
  changed_at timestamptz not null,
  primary key (vendor, model, region),
  check (open_until is null or openings > 0),
  check (probe_until is null or open_until is not null)
);

-- One warning for each step towards the end of an agreement, however often one looks.
create table core.agreement_warnings (
  vendor text not null,
  model text not null,
  region text not null,
  baa_expires_at timestamptz not null,
  days_before integer not null check (days_before in (30, 7, 1, 0)),
  warned_at timestamptz not null,
  primary key (vendor, model, region, baa_expires_at, days_before)
);
