-- What a person signs for when they prove anew who they are: one verdict in these very words, about this view. The secret is part
-- of it, and known to that person alone, so that no word can be guessed from the hash.
create or replace function core.signed_statement(p_secret bytea, p_words jsonb) returns bytea
  language sql immutable set search_path = core, app, pg_temp
  return sha256(p_secret || convert_to(p_words::text, 'UTF8'));
