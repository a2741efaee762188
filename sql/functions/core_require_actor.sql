-- Who acts, proved: the transaction presents a live key as `app.key_proof` (its public id and the SHA-256 of its secret),
-- that key belongs to p_user_id, who is an active member with one of p_roles (null: any). The setting can be written by
-- anybody, but the hash is known only to whoever holds the key. p_home is the tenant that the person is a member of, where
-- it is not the one that was entered: the platform, for what it does in a tenant. Notes who acts for the events of this
-- transaction and returns the member. A null p_user_id is the system's act, of which core.is_system decides.
create or replace function core.require_actor(p_user_id uuid, p_roles text[], p_home text default null) returns core.members
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  entered text := app.tenant();
  home text := coalesce(p_home, app.tenant());
  member core.members;
begin
  if p_user_id is not null then
    perform set_config('app.tenant', coalesce(home, ''), true);
    select m.* into member
    from core.api_keys k join core.members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
    where k.tenant_id = home and k.id = core.presented_key() and core.is_proved(k) and k.user_id = p_user_id
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > app.now())
      and m.active and (p_roles is null or m.roles && p_roles);
    perform set_config('app.tenant', coalesce(entered, ''), true);
  end if;
  if member.user_id is null and not (p_user_id is null and core.is_system()) then
    raise exception 'no live key of a member with the role for this act was presented' using errcode = 'ZC012';
  end if;
  perform set_config('app.actor', coalesce(member.user_id::text, ''), true),
    set_config('app.actor_kind', case when member.kind = 'person' then 'human' else 'system' end, true);
  return member;
end
$$;
