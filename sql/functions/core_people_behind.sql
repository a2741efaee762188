-- Who can have acted as a member: the member, and behind a service whoever made one of its keys, since they have held its
-- secret; also when that was a service in turn. A revoked key counts as well: it may have been used before.
create or replace function core.people_behind(p_user_id uuid) returns table (user_id uuid)
  language plpgsql stable set search_path = core, app, pg_temp
as $$
begin
  return query
  with recursive behind as (
    select p_user_id as user_id
    union
    select k.created_by
    from behind b
      join core.members m on m.tenant_id = app.tenant() and m.user_id = b.user_id and m.kind = 'service'
      join core.api_keys k on k.tenant_id = m.tenant_id and k.user_id = m.user_id
    where k.created_by is not null
  )
  select b.user_id from behind b;
end
$$;
