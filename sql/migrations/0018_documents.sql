-- Documents: what a tenant uploads, facts that a person confirmed, and the platform's shared knowledge, all read in the
-- same way: split into passages, each embedded by a model call of its own, and found by the runs of the tenant.

-- One document. The row stays for good; what it says leaves with it when it is deleted.
create table core.documents (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  source_type text not null check (source_type in ('document', 'memory')),
  media_type text not null check (media_type in ('text/plain', 'application/pdf')),
  size_bytes bigint not null check (size_bytes between 1 and 10485760),
  -- sha256(salt || bytes) of what was given; the salt leaves with the bytes.
  commitment bytea not null check (octet_length(commitment) = 32),
  state text not null check (state in ('pending', 'ready', 'refused', 'deleted')),
  -- Why it was refused; of a pending one, what it waits for.
  code text check (code ~ '^[a-z_]+$'),
  pages integer check (pages > 0),
  characters bigint check (characters > 0),
  passages integer check (passages > 0),
  -- Null: the system, for what packs bring.
  added_by uuid,
  memory_id uuid,
  -- The caller's Idempotency-Key, or the name that a pack gives its own.
  request_key text check (length(request_key) between 1 and 255),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, added_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, memory_id) references core.memories (tenant_id, id),
  check ((source_type = 'memory') = (memory_id is not null)),
  check (state not in ('ready', 'deleted') or code is null),
  check (state <> 'refused' or code is not null),
  check (state <> 'ready' or passages is not null)
);
create index documents_by_creation on core.documents (tenant_id, created_at desc, id desc);
-- A pack's fact that has changed is deleted and added anew under its name; a caller's key is used once.
create unique index documents_request_key on core.documents (tenant_id, request_key) where state <> 'deleted' or added_by is not null;
create unique index documents_by_memory on core.documents (tenant_id, memory_id) where memory_id is not null;

create table core.document_contents (
  tenant_id text not null,
  document_id uuid not null,
  title text not null check (core.has_letter_or_digit(title)),
  -- Of shared knowledge: whose fact it is, and where that stands.
  publisher text,
  address text check (address ~ '^https://'),
  salt bytea not null check (octet_length(salt) = 32),
  bytes bytea not null,
  primary key (tenant_id, document_id),
  foreign key (tenant_id, document_id) references core.documents (tenant_id, id)
);

-- Pieces of a document in reading order. Places are counted in UTF-16 units within the page, as in sources.
create table core.passages (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  document_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  page integer not null check (page > 0),
  start_at integer not null check (start_at >= 0),
  end_at integer not null check (end_at > start_at),
  text text not null,
  primary key (tenant_id, id),
  unique (tenant_id, document_id, ordinal),
  foreign key (tenant_id, document_id) references core.documents (tenant_id, id)
);

-- A model call belongs to a run, or to the document that it embeds a passage of.
alter table core.ai_runs
  alter column run_id drop not null,
  alter column requested_by drop not null,
  add column document_id uuid,
  add foreign key (tenant_id, document_id) references core.documents (tenant_id, id),
  add check ((run_id is null) <> (document_id is null)),
  add check (document_id is null or kind = 'embedding'),
  add check (run_id is null or requested_by is not null);
create index ai_runs_by_document on core.ai_runs (tenant_id, document_id) where document_id is not null;

-- Vectors, by passage. No role could write one before there were documents, so the table is made anew. Exact search by
-- tenant, and an HNSW index of its own for each that has very many; never one for all, under which a tenant with few
-- passages beside one with many nearer ones gets none of its own.
drop table core.embeddings;
create table core.embeddings (
  tenant_id text not null references core.tenants (id),
  -- Of its passage.
  id uuid not null,
  source_type text not null check (source_type in ('memory', 'document', 'convo_summary')),
  source_id uuid not null,
  ai_run_id uuid not null,
  model text not null,
  embedding vector(1024) not null,
  created_at timestamptz not null,
  -- Vectors of two models say nothing of one another, so a change of the model has each passage embedded once more.
  primary key (tenant_id, id, model),
  foreign key (tenant_id, id) references core.passages (tenant_id, id),
  foreign key (tenant_id, source_id) references core.documents (tenant_id, id),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id)
);

-- In the row and not beside it: exact search reads every vector of a tenant.
alter table core.embeddings alter column embedding set storage plain;

-- Which passages a run's prompt showed to the model, nearest first. Ids: the passages may be deleted, or be shared ones.
create table core.run_passages (
  tenant_id text not null,
  run_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  passage_id uuid not null,
  primary key (tenant_id, run_id, ordinal),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id)
);

alter table core.worklist drop constraint worklist_kind_check;
alter table core.worklist add constraint worklist_kind_check check (kind in ('run', 'intent', 'document'));

-- What is read and is not what was hashed.
insert into core.callers_errors (sqlstate, code) values ('ZC014', 'content_altered');
