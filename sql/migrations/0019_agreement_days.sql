-- How often reviewers agreed with a model: counted by day, off the way of any run, from decisions and outcomes of gates, which
-- never change. By confidence and not by band, so that bands are nobody's but the contract's.
create table core.agreement_days (
  tenant_id text not null references core.tenants (id),
  purpose text not null,
  vendor text not null,
  model text not null,
  confidence_permille integer not null check (confidence_permille between 0 and 1000),
  -- In UTC, of when the gates closed.
  day date not null,
  -- Approved as it was drafted; approved with edits; rejected.
  agreed bigint not null check (agreed >= 0),
  edited bigint not null check (edited >= 0),
  rejected bigint not null check (rejected >= 0),
  -- What a gate shows is of rows that were there when it opened.
  counted_at timestamptz not null,
  primary key (tenant_id, purpose, vendor, model, confidence_permille, day),
  check (agreed + edited + rejected > 0)
);

-- Up to which day a tenant's are counted, itself not among them. Null: none yet.
alter table core.tenant_directory add column agreement_counted_until date;

-- Outcomes are only ever added, in the order of time: an index of blocks, which costs a run nothing.
create index gate_outcomes_by_time on core.gate_outcomes using brin (at);
