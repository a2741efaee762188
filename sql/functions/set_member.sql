-- Adds a member or changes name, roles, activity and e-mail address: null leaves the address as it is, an empty text takes it
-- away. The last active admin of a tenant stays one. By an admin; a tenant
-- without a member gets its first by the platform. Whoever the tenant's policy needs to decide stays too, unless the policy
-- can't be met with them either, or pauses everything. What a member may no longer decide is taken back: verdicts of theirs
-- that were stored and not applied yet.
drop function if exists app.set_member(uuid, text, text, text[], boolean, uuid);
create or replace function app.set_member(p_user_id uuid, p_display_name text, p_kind text, p_roles text[], p_active boolean, p_actor_user_id uuid,
    p_email text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.members;
  policy jsonb;
begin
  -- Changes of members wait for one another, so that two can't both take the last admin away.
  perform pg_advisory_xact_lock(hashtextextended('members ' || app.tenant(), 0));
  if exists (select from core.members where tenant_id = app.tenant()) then
    perform core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  else
    perform core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  end if;
  if 'platform_admin' = any (p_roles) and app.tenant() <> '__platform__' then
    return jsonb_build_object('outcome', 'refused', 'code', 'role_of_platform');
  end if;
  if not ('admin' = any (p_roles) and p_active)
      and exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and active and 'admin' = any (roles))
      and not exists (select from core.members where tenant_id = app.tenant() and user_id <> p_user_id and active and 'admin' = any (roles)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'last_admin');
  end if;
  if exists (select from core.members where tenant_id = app.tenant() and user_id <> p_user_id and lower(email) = lower(p_email)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'email_taken');
  end if;
  -- Nobody saves a policy meanwhile that was asked of the members as they are.
  perform pg_advisory_xact_lock(hashtextextended('policy ' || app.tenant(), 0));
  select to_jsonb(p) into policy from core.ai_policy_controls p where p.tenant_id = app.tenant() order by version desc limit 1;
  if not (policy ->> 'paused')::boolean and core.is_satisfiable(policy)
      and exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person')
      and not core.is_satisfiable(policy, p_user_id, case when p_active then p_roles else '{}' end) then
    return jsonb_build_object('outcome', 'refused', 'code', 'policy_unsatisfiable');
  end if;
  -- Locked before anything else: a verdict that is being stored is there afterwards, or refused.
  select * into known from core.members where tenant_id = app.tenant() and user_id = p_user_id for no key update;
  if found and known.active and known.kind = 'person' then
    perform core.take_back(p_user_id, null, case when p_active then p_roles else '{}' end);
  end if;
  -- Gates that asked for a role which comes or goes: whether they have people is looked at before the turn of their runs.
  if known.roles is distinct from p_roles or known.active is distinct from p_active then
    update core.worklist w set due_at = least(w.due_at, app.now())
    from core.gates g
    where g.tenant_id = app.tenant() and g.closed_at is null and g.roles && (coalesce(known.roles, '{}') || p_roles)
      and w.kind = 'run' and w.tenant_id = g.tenant_id and w.ref_id = g.run_id;
  end if;
  insert into core.members (tenant_id, user_id, display_name, kind, roles, active, email, created_at)
  values (app.tenant(), p_user_id, p_display_name, p_kind, p_roles, p_active, nullif(p_email, ''), app.now())
  on conflict (tenant_id, user_id) do update set display_name = excluded.display_name, roles = excluded.roles, active = excluded.active,
    email = case when p_email is null then core.members.email else excluded.email end;
  if p_email is not null or known.email is not null then
    perform core.note_told();
  end if;
  return jsonb_build_object('outcome', 'saved', 'user_id', p_user_id);
end
$$;
