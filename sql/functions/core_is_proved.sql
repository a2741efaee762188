-- Whether this transaction presents a key with its secret's hash, which only whoever holds the key knows.
create or replace function core.is_proved(p_key core.api_keys) returns boolean
  language sql stable
  return current_setting('app.key_proof', true) = (p_key).id || ' ' || encode((p_key).secret_sha256, 'hex');
