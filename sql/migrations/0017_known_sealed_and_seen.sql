-- What a tenant knows and no model may read in free text; the keys under which values of runs are sealed, apart from the
-- values; who was shown identifiers again; and what an entry of the vendor matrix must say.

-- Values to look for in free text: names of people and subjects, and ids of persons, facts and receipts. What was known once
-- stays known, also after a change of name. Read by workers that keep what they have read: the transaction that noted a value
-- says which are new to them.
create table core.known_values (
  tenant_id text not null references core.tenants (id),
  -- sha256 over the tenant's secret, kind and value: each value once.
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  kind text not null check (kind ~ '^[a-z_]+$'),
  -- What stands as it is in a table of its own anyway.
  value text check (value <> ''),
  -- What people have told in an input.
  content_id uuid,
  noted_in xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, fingerprint),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id),
  check ((value is null) <> (content_id is null))
);
create index known_values_newest on core.known_values (tenant_id, noted_in);

-- What the tenants know by now. Their secret is read under row level security, so each is entered.
do $$
declare
  t text;
begin
  for t in select tenant_id from core.tenant_directory loop
    perform set_config('app.tenant', t, true);
    insert into core.known_values (tenant_id, fingerprint, kind, value)
    select t, sha256(coalesce((select call_key_secret from core.tenant_secrets where tenant_id = t), '')
      || convert_to(k.kind || ' ' || k.value, 'UTF8')), k.kind, k.value
    from (
      select 'person' as kind, display_name as value from core.members where tenant_id = t and kind = 'person'
      union select 'code', subject_id from core.subject_members where tenant_id = t
      union select 'code', subject_id from core.runs where tenant_id = t and subject_id is not null
      union select 'code', subject_id from core.worker_trust_records where tenant_id = t
      union select 'code', id::text from core.worker_trust_records where tenant_id = t
      union select 'code', subject_id from core.source_receipts where tenant_id = t
      union select 'code', id::text from core.source_receipts where tenant_id = t) k
    where k.value <> ''
    on conflict do nothing;
  end loop;
  perform set_config('app.tenant', '', true);
end
$$;

-- The data key of a run, wrapped by a master key that is kept outside the database. Wrapped again it is the next version of
-- the same row, so that nothing is left here that an earlier master key opens.
create table core.data_keys (
  tenant_id text not null,
  run_id uuid not null,
  version integer not null check (version > 0),
  -- Tells master keys apart without telling of them.
  master_key_id text not null check (master_key_id ~ '^[\x21\x23-\x5b\x5d-\x7e]+$' and length(master_key_id) <= 256),
  wrapped_key bytea not null check (octet_length(wrapped_key) between 32 and 1024),
  wrapped_at timestamptz not null,
  primary key (tenant_id, run_id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id)
);
create index data_keys_by_master_key on core.data_keys (tenant_id, master_key_id, run_id);

-- That a person was shown what has its identifiers back, once a day for each content; the event says the same.
create table core.reidentifications (
  tenant_id text not null,
  user_id uuid not null,
  content_id uuid not null,
  day date not null,
  seen_at timestamptz not null,
  primary key (tenant_id, user_id, content_id, day),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  foreign key (tenant_id, content_id) references core.contents (tenant_id, id)
);

-- Entries of before are kept as they were: they are history, and the next version has to say it.
alter table core.ai_vendor_baa_matrix
  add constraint retention_mode_known check (retention_mode in ('none', 'default', 'provider_data_share', 'inherit')) not valid,
  add constraint zero_is_none check (not zdr_active or retention_mode = 'none') not valid,
  add constraint agreement_has_document check (not (baa_active and leaves_perimeter) or baa_sha256 is not null) not valid;
