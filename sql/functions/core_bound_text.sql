-- The text of a content that something else is bound to by its hash: a call to its prompt, a gate to its proposal. Raises
-- when the content is another one now, even if it fits its own commitment. As content_text, for views.
create or replace function core.bound_text(p_content_id uuid, p_hash bytea) returns text
  language plpgsql stable security definer set search_path = core, app, pg_temp
as $$
begin
  if p_content_id is null then
    return null;
  end if;
  if exists (select from core.contents where tenant_id = app.tenant() and id = p_content_id and commitment <> p_hash) then
    raise exception 'content % is not what was bound to it', p_content_id using errcode = 'ZC014', detail = p_content_id::text;
  end if;
  return core.content_text(p_content_id);
end
$$;
