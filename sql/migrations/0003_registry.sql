-- What packs declare and what the platform allows. Shared by all tenants, written by the platform and at start only.
create table core.record_types (
  name text primary key check (name ~ '^[a-z][a-z0-9_]*$'),
  class text not null check (class in ('routine', 'financial', 'destructive', 'clinical', 'privileging', 'credentialing', 'hiring')),
  kind text not null check (kind in ('draft', 'recommendation')),
  effect text not null check (effect in ('record', 'privilege_grant', 'trust_fact', 'advice', 'memory')),
  required_fields text[] not null,
  role text not null,
  seats integer not null check (seats between 1 and 9),
  separation text not null check (separation in ('none', 'second_person', 'n_of_m')),
  rationale_rule text not null check (rationale_rule in ('text', 'reason_code')),
  reason_codes text[] not null,
  dispositions text[] not null check (dispositions <@ array['grant', 'grant_with_conditions', 'deny', 'defer']),
  definition jsonb not null,
  content_hash bytea not null,
  unique (name, class),
  check (class not in ('privileging', 'credentialing', 'hiring') or separation <> 'none')
);

create table core.purposes (
  name text not null check (name ~ '^[a-z][a-z0-9_.]*$'),
  version integer not null check (version > 0),
  content_hash bytea not null,
  definition jsonb not null,
  vendor text not null,
  model text not null,
  region text not null,
  advisor_vendor text,
  advisor_model text,
  advisor_region text,
  max_input_tokens bigint not null check (max_input_tokens > 0),
  max_output_tokens bigint not null check (max_output_tokens > 0),
  price_primary bigint not null check (price_primary >= 1),
  price_advisor bigint not null check (price_advisor >= 0),
  confidence_threshold_permille integer not null check (confidence_threshold_permille between 0 and 1000),
  phi boolean not null,
  manual_record_type text not null references core.record_types (name),
  registered_at timestamptz not null,
  primary key (name, version),
  check ((advisor_vendor is null) = (advisor_model is null) and (advisor_vendor is null) = (advisor_region is null))
);

create table core.purpose_record_types (
  purpose text not null,
  purpose_version integer not null,
  record_type text not null references core.record_types (name),
  primary key (purpose, purpose_version, record_type),
  foreign key (purpose, purpose_version) references core.purposes (name, version)
);

-- Who may receive which traffic. A row per version; the highest rules. BAA: business associate agreement,
-- ZDR: zero data retention. A model that stays within the perimeter needs neither.
create table core.ai_vendor_baa_matrix (
  vendor text not null check (vendor ~ '^[a-z][a-z0-9_-]*$'),
  -- Printable ASCII, as events need it.
  model text not null check (model ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'),
  region text not null check (region ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'),
  version integer not null check (version > 0),
  listed boolean not null,
  baa_active boolean not null,
  baa_expires_at timestamptz,
  baa_sha256 bytea check (octet_length(baa_sha256) = 32),
  zdr_active boolean not null,
  retention_mode text not null,
  leaves_perimeter boolean not null,
  notes text not null,
  set_by uuid,
  set_at timestamptz not null,
  primary key (vendor, model, region, version)
);

-- Nano-dollars per token, by validity. A model without a price that is valid now is refused.
create table core.ai_prices (
  vendor text not null,
  model text not null,
  region text not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  input_nano_usd_per_token bigint not null check (input_nano_usd_per_token >= 0),
  output_nano_usd_per_token bigint not null check (output_nano_usd_per_token >= 0),
  cache_read_nano_usd_per_token bigint not null check (cache_read_nano_usd_per_token >= 0),
  cache_write_nano_usd_per_token bigint not null check (cache_write_nano_usd_per_token >= 0),
  set_by uuid,
  set_at timestamptz not null,
  primary key (vendor, model, region, valid_from),
  check (valid_until is null or valid_until > valid_from)
);

-- Per tenant; a row per version, the highest rules.
create table core.ai_policy_controls (
  tenant_id text not null references core.tenants (id),
  version integer not null check (version > 0),
  autonomy_tier text not null check (autonomy_tier in ('suggest', 'draft', 'auto')),
  auto_categories text[] not null,
  record_autonomy jsonb not null check (
    jsonb_typeof(record_autonomy) = 'object'
    and not jsonb_path_exists(record_autonomy, '$.* ? (@.type() != "string" || !(@ like_regex "^(suggest|draft|auto)$"))')),
  require_human_review_for_phi_extraction boolean not null,
  block_ai_committee_response_drafts boolean not null,
  require_advisor_for_low_confidence boolean not null,
  daily_token_budget_nano_usd bigint not null check (daily_token_budget_nano_usd >= 0),
  confidence_threshold_permille integer check (confidence_threshold_permille between 0 and 1000),
  paused boolean not null,
  -- Names, and never words: they stand in the chain.
  paused_purposes text[] not null check (array_to_string(paused_purposes, ' ', '!') ~ '^[a-z0-9_. -]*$'),
  paused_vendors text[] not null check (array_to_string(paused_vendors, ' ', '!') ~ '^[a-z0-9_. -]*$'),
  set_by uuid,
  -- The admin's own words, as content.
  reason_content_id uuid not null,
  set_at timestamptz not null,
  primary key (tenant_id, version)
);
