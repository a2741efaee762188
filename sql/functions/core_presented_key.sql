-- The public id of the key that this transaction presents; null when it presents none. Not proved: core.require_actor and
-- store_intent compare the secret's hash too.
create or replace function core.presented_key() returns text
  language sql stable
  return nullif(split_part(current_setting('app.key_proof', true), ' ', 1), '');
