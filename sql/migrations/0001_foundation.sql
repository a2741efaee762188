-- Schemas, the tenant of a transaction, the clock and identifiers.
-- `core` holds tables and is private; `app` holds what roles may call and read.
create schema if not exists core;
create schema app;

-- The tenant that this transaction has entered; null when none, which sees no rows.
create function app.tenant() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '');

-- One row: how far tests have moved the clock. Only the owner can write it.
create table core.clock (
  only_row boolean primary key default true check (only_row),
  shift interval not null default interval '0'
);
insert into core.clock default values;

-- UUIDv7 (RFC 9562): a v4 whose first 48 bits are milliseconds; bits 52 and 53 turn version 4 into 7.
create function app.new_id() returns uuid
  language sql volatile parallel safe
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid;

-- Whether a text says anything at all. By code points and not by [[:alnum:]], which in a database of the C locale knows
-- no letter beyond ASCII: a reason in Arabic would be refused there and accepted elsewhere.
create function core.has_letter_or_digit(p_text text) returns boolean
  language sql immutable parallel safe
  return coalesce(p_text ~ ('[0-9A-Za-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02C1\u0370-\u037D\u0386\u0388-\u167F\u1681-\u180D\u1810-\u1FFF'
    || '\u2C00-\u2DFF\u3005-\u3007\u3031-\u3035\u3041-\uD7FF\uF900-\uFDFF\uFE70-\uFEFC\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC'
    || '\U00010000-\U0001EFFF\U00020000-\U0003FFFF]'), false);

-- What callers' bugs raise. Refusals are returned codes and never raised. Class ZC is free for applications
-- (SQL standard: classes beginning with I to Z are implementation-defined).
create table core.callers_errors (
  sqlstate text primary key check (sqlstate ~ '^ZC[0-9]{3}$'),
  code text not null unique
);
insert into core.callers_errors (sqlstate, code) values
  ('ZC001', 'event_malformed'),
  ('ZC002', 'append_only'),
  ('ZC003', 'tenant_missing'),
  ('ZC004', 'argument_invalid'),
  ('ZC005', 'two_chains'),
  ('ZC006', 'draft_without_decision'),
  ('ZC007', 'trust_unproven'),
  ('ZC008', 'frozen'),
  ('ZC009', 'outcome_without_decision'),
  ('ZC010', 'not_found'),
  ('ZC011', 'ledger_broken');
