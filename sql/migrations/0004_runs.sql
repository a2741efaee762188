-- Content, runs, model calls, money.

-- The only place of prompts, outputs, proposals, edits, rationales and comments. Everything else carries the id and
-- the commitment sha256(salt || bytes): a bare hash of a short note can be guessed.
create table core.contents (
  tenant_id text not null references core.tenants (id),
  id uuid not null default app.new_id(),
  run_id uuid,
  kind text not null check (kind in ('input', 'prompt', 'output', 'proposal', 'edit', 'question', 'rationale', 'comment', 'record', 'fact', 'receipt', 'embedding', 'memory', 'reason')),
  bytes bytea not null,
  salt bytea not null check (octet_length(salt) = 32),
  commitment bytea not null,
  -- Key under which the bytes are encrypted; null is plain text.
  encryption_key_id text,
  created_at timestamptz not null,
  primary key (tenant_id, id),
  check (commitment = sha256(salt || bytes))
);
create index contents_by_run on core.contents (tenant_id, run_id);
alter table core.ai_policy_controls add foreign key (tenant_id, reason_content_id) references core.contents (tenant_id, id);

create table core.runs (
  tenant_id text not null references core.tenants (id),
  id uuid not null,
  purpose text not null,
  purpose_version integer not null,
  state text not null check (state in ('accepted', 'running', 'waiting', 'closed')),
  step text not null check (step in ('reserve', 'scrub', 'invoke', 'evaluate', 'draft', 'await', 'decide', 'settle', 'audit')),
  outcome text check (outcome in ('approved', 'applied', 'rejected', 'expired', 'withdrawn', 'advised', 'mixed', 'nothing', 'refused', 'failed')),
  -- Why it was refused, or failed: a code of the error catalogue.
  code text,
  advisory text check (advisory in ('available', 'unavailable', 'blocked')),
  requested_by uuid not null,
  -- A person whom the run is about holds no seat.
  subject_user_id uuid,
  input_content_id uuid not null,
  prompt_content_id uuid,
  prompt_call_key bytea check (octet_length(prompt_call_key) = 32),
  advisor_call_key bytea check (octet_length(advisor_call_key) = 32),
  confidence_permille integer check (confidence_permille between 0 and 1000),
  reserved_credits bigint not null default 0 check (reserved_credits >= 0),
  settled_at timestamptz,
  actual_credits bigint check (actual_credits >= 0),
  deducted_credits bigint check (deducted_credits >= 0),
  shortfall_credits bigint check (shortfall_credits >= 0),
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (tenant_id, id),
  foreign key (purpose, purpose_version) references core.purposes (name, version),
  foreign key (tenant_id, requested_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, withdrawn_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, input_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, prompt_content_id) references core.contents (tenant_id, id),
  check ((state = 'closed') = (outcome is not null)),
  check ((state = 'closed') = (closed_at is not null)),
  -- A hold that nothing will settle can't be closed over.
  check (state <> 'closed' or reserved_credits = 0 or settled_at is not null)
);
create index runs_by_creation on core.runs (tenant_id, created_at desc, id desc);
create index runs_open on core.runs (tenant_id, state) where state <> 'closed';

-- The caller's Idempotency-Key, kept as long as the run.
create table core.run_keys (
  tenant_id text not null,
  route text not null,
  key text not null check (length(key) between 1 and 255),
  run_id uuid not null,
  request_salt bytea not null,
  request_commitment bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, route, key),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id)
);

-- Tokens that replaced identifiers in one run's prompt, their values encrypted by the worker.
create table core.scrub_tokens (
  tenant_id text not null,
  run_id uuid not null,
  token text not null check (token ~ '^<[a-z_]+_token_[a-z0-9]{16,}>$'),
  kind text not null,
  sealed_value bytea not null,
  primary key (tenant_id, token),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id)
);
create index scrub_tokens_by_run on core.scrub_tokens (tenant_id, run_id);

-- One row for each model call of any kind. Claimed before the call, finished once, frozen from then on.
create table core.ai_runs (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  run_id uuid not null,
  kind text not null check (kind in ('primary', 'advisor', 'embedding', 'distil', 'replay')),
  feature text not null,
  vendor text not null,
  model text not null,
  region text not null,
  status text not null check (status in ('claimed', 'succeeded', 'failed')),
  call_key bytea not null check (octet_length(call_key) = 32),
  parent_id uuid,
  requested_by uuid not null,
  prompt_content_id uuid not null,
  prompt_hash bytea not null,
  output_content_id uuid,
  output_hash bytea,
  input_tokens bigint check (input_tokens >= 0),
  output_tokens bigint check (output_tokens >= 0),
  cache_read_tokens bigint check (cache_read_tokens >= 0),
  cache_write_tokens bigint check (cache_write_tokens >= 0),
  cost_nano_usd bigint check (cost_nano_usd >= 0),
  latency_ms bigint check (latency_ms >= 0),
  provider_request_id text,
  error_code text,
  claimed_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, parent_id) references core.ai_runs (tenant_id, id),
  foreign key (tenant_id, requested_by) references core.members (tenant_id, user_id),
  foreign key (tenant_id, prompt_content_id) references core.contents (tenant_id, id),
  foreign key (tenant_id, output_content_id) references core.contents (tenant_id, id),
  check ((status = 'claimed') = (finished_at is null)),
  check ((status = 'succeeded') = (output_content_id is not null and output_hash is not null)),
  check (kind <> 'advisor' or parent_id is not null)
);
-- The call key of a live or answered call is unique: a retry or a later run links to it and calls nothing.
create unique index ai_runs_call_key on core.ai_runs (tenant_id, call_key) where status <> 'failed';
create index ai_runs_by_run on core.ai_runs (tenant_id, run_id);

-- Which calls a run rests on; billed is the run that made the call.
create table core.run_calls (
  tenant_id text not null,
  run_id uuid not null,
  ai_run_id uuid not null,
  billed boolean not null,
  primary key (tenant_id, run_id, ai_run_id),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id)
);
create unique index run_calls_billed_once on core.run_calls (tenant_id, ai_run_id) where billed;

-- Attempts that a vendor may have billed. Each holds its own worst case against the day it began on.
create table core.ai_run_attempts (
  tenant_id text not null,
  ai_run_id uuid not null,
  attempt integer not null check (attempt > 0),
  state text not null check (state in ('open', 'answered', 'unbilled', 'maybe_billed', 'lost')),
  day date not null,
  held_nano_usd bigint not null check (held_nano_usd >= 0),
  cost_nano_usd bigint check (cost_nano_usd >= 0),
  error_code text,
  price_valid_from timestamptz not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, ai_run_id, attempt),
  foreign key (tenant_id, ai_run_id) references core.ai_runs (tenant_id, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'open') = (cost_nano_usd is null))
);
create unique index ai_run_attempts_one_open on core.ai_run_attempts (tenant_id, ai_run_id) where state = 'open';

-- Balance in credits, and the day's held and spent cost: one row, one lock.
create table core.accounts (
  tenant_id text primary key references core.tenants (id),
  balance_credits bigint not null check (balance_credits >= 0),
  ledger_seq bigint not null check (ledger_seq >= 0),
  day date not null,
  held_nano_usd bigint not null check (held_nano_usd >= 0),
  spent_nano_usd bigint not null check (spent_nano_usd >= 0)
);

create table core.credit_ledger (
  tenant_id text not null references core.accounts (tenant_id),
  seq bigint not null check (seq > 0),
  kind text not null check (kind in ('grant', 'reserve', 'settle')),
  run_id uuid,
  amount_credits bigint not null,
  balance_after bigint not null check (balance_after >= 0),
  reserved_credits bigint,
  actual_credits bigint,
  deducted_credits bigint,
  shortfall_credits bigint,
  actor_user_id uuid,
  at timestamptz not null,
  primary key (tenant_id, seq),
  foreign key (tenant_id, run_id) references core.runs (tenant_id, id),
  check ((kind = 'grant') = (run_id is null)),
  check (kind <> 'grant' or (amount_credits > 0 and actor_user_id is not null)),
  check (kind <> 'reserve' or amount_credits < 0),
  check ((kind = 'settle') = (actual_credits is not null and reserved_credits is not null
    and deducted_credits is not null and shortfall_credits is not null)),
  -- The arithmetic of a settlement: what is asked beyond the reservation is deducted or short, what is not used comes back.
  check (kind <> 'settle' or (amount_credits = reserved_credits - actual_credits + shortfall_credits
    and deducted_credits = greatest(actual_credits - reserved_credits, 0) - shortfall_credits
    and shortfall_credits >= 0 and deducted_credits >= 0))
);
-- At most one reservation and one settlement of a run.
create unique index credit_ledger_once_a_run on core.credit_ledger (tenant_id, run_id, kind) where run_id is not null;

-- The caller's Idempotency-Key of a grant.
create table core.grant_keys (
  tenant_id text not null,
  key text not null check (length(key) between 1 and 255),
  amount_credits bigint not null,
  ledger_seq bigint not null,
  primary key (tenant_id, key),
  foreign key (tenant_id, ledger_seq) references core.credit_ledger (tenant_id, seq)
);
