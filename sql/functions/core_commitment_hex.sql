-- The commitment of a content as hex; null when there is none. SECURITY DEFINER for the same reason as core.content_text.
create or replace function core.commitment_hex(p_content_id uuid) returns text
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select encode(commitment, 'hex') from core.contents where tenant_id = app.tenant() and id = p_content_id
$$;
