-- Notes an event of the tenant that this transaction has entered; sealed into its chain at commit.
create or replace function core.emit(p_type text, p_actor_kind text, p_actor_user_id uuid, p_run_id uuid, p_body jsonb) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if app.tenant() is null then
    raise exception 'an event needs a tenant' using errcode = 'ZC003';
  end if;
  insert into core.audit_pending (tenant_id, type, actor_kind, actor_user_id, run_id, body)
  values (app.tenant(), p_type, p_actor_kind, p_actor_user_id, p_run_id, p_body);
end
$$;
