-- The member who is a subject, by the tenant's map; null when nobody is known to be.
create or replace function core.subject_member(p_subject_id text) returns uuid
  language sql stable set search_path = core, app, pg_temp
as $$
  select user_id from core.subject_members
  where tenant_id = app.tenant() and subject_id = p_subject_id order by version desc limit 1
$$;
