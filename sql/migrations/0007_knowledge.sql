-- What the tenant knows, and what may be believed of its people.
create table core.memories (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  content_id uuid not null,
  created_by uuid,
  created_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);

-- Passages and their vectors. Exact search by tenant while a tenant is small; never one HNSW index for all, under
-- which a tenant with few passages beside one with many nearer ones gets none of its own.
create table core.embeddings (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  source_type text not null check (source_type in ('memory', 'document', 'convo_summary')),
  source_id uuid not null,
  content_id uuid not null,
  model text not null,
  embedding vector(1024) not null,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);

create table core.source_receipts (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  source text not null check (source ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'),
  subject_id text not null,
  content_id uuid not null,
  content_hash bytea not null,
  fetched_at timestamptz not null,
  valid_until timestamptz not null check (valid_until > fetched_at),
  primary key (tenant_id, id),
  unique (tenant_id, id, subject_id),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);

-- Facts about a person. Tiers: 1 imported, 2 attested, 3 processed, 4 source-verified, 5 approved. A tier of 4 or more
-- has a receipt and its time of validity; a trigger compares them with the clock at promotion, and every read goes
-- through a view that shows tier 3 once they have run out.
create table core.worker_trust_records (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  subject_id text not null,
  kind text not null check (kind ~ '^[a-z][a-z0-9_.-]*$'),
  fact_content_id uuid not null,
  tier integer not null check (tier between 1 and 5),
  source_receipt_id uuid,
  last_verified_at timestamptz,
  verified_until timestamptz,
  approved_by_decision_id uuid,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, fact_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, source_receipt_id, subject_id) references core.source_receipts (tenant_id, id, subject_id),
  foreign key (tenant_id, approved_by_decision_id) references core.decisions (tenant_id, id),
  check (tier < 4 or (source_receipt_id is not null and last_verified_at is not null and verified_until is not null)),
  check ((tier = 5) = (approved_by_decision_id is not null))
);
create index worker_trust_records_by_subject on core.worker_trust_records (tenant_id, subject_id);
