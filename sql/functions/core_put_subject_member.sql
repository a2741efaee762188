-- Writes which member a subject is: the next version, unless the last one says the same. What a run names is remembered
-- only where nothing was said before: it overwrites nobody.
create or replace function core.put_subject_member(p_subject_id text, p_user_id uuid, p_set_by uuid, p_run_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  last core.subject_members;
begin
  perform pg_advisory_xact_lock(hashtextextended('subject ' || app.tenant() || ' ' || p_subject_id, 0));
  select * into last from core.subject_members where tenant_id = app.tenant() and subject_id = p_subject_id order by version desc limit 1;
  if (last.version is not null and p_run_id is not null) or last.user_id is not distinct from p_user_id then
    return;
  end if;
  insert into core.subject_members (tenant_id, subject_id, version, user_id, set_by, run_id, set_at)
  values (app.tenant(), p_subject_id, coalesce(last.version, 0) + 1, p_user_id, p_set_by, p_run_id, app.now());
end
$$;
