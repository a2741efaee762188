-- A person's name as it is printed beside what they sign, as content: one row for each name that they have signed under.
create or replace function core.printed_name(p_user_id uuid) returns uuid
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  printed text;
  known uuid;
begin
  select m.display_name, (
    select n.content_id from core.printed_names n join core.contents c on c.tenant_id = n.tenant_id and c.id = n.content_id
    where n.tenant_id = m.tenant_id and n.user_id = m.user_id and c.bytes = convert_to(m.display_name, 'UTF8') limit 1)
  into printed, known
  from core.members m where m.tenant_id = app.tenant() and m.user_id = p_user_id;
  if known is null then
    known := (core.put_content(null, 'name', printed)).id;
    insert into core.printed_names (tenant_id, user_id, content_id, first_used_at) values (app.tenant(), p_user_id, known, app.now());
  end if;
  return known;
end
$$;
