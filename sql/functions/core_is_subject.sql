-- Whether a run is about a member: as it named them when it was accepted, and as the tenant's map knows them by now.
create or replace function core.is_subject(p_run core.runs, p_user_id uuid) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select coalesce((p_run).subject_user_id = p_user_id, false) or coalesce(core.subject_member((p_run).subject_id) = p_user_id, false)
$$;
