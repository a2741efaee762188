-- The text of a content; null when there is none. Raises when the bytes no longer match their commitment. A view's
-- functions run with its reader's rights, so this one brings the owner's; no role has the schema to call it by name.
create or replace function core.content_text(p_content_id uuid) returns text
  language plpgsql stable security definer set search_path = core, app, pg_temp
as $$
declare
  stored core.contents;
begin
  if p_content_id is null then
    return null;
  end if;
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found then
    return null;
  end if;
  if sha256(stored.salt || stored.bytes) <> stored.commitment then
    raise exception 'content % does not match its commitment', p_content_id using errcode = 'ZC014', detail = p_content_id::text;
  end if;
  return convert_from(stored.bytes, 'UTF8');
end
$$;
