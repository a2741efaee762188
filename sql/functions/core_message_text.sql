-- A message as its bytes are sent and signed: a type, when it happened, and ids, states and amounts of it. Never content.
create or replace function core.message_text(p_type text, p_at timestamptz, p_data json) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select json_build_object('type', p_type, 'timestamp', app.utc(p_at), 'data', p_data)::text
$$;
