-- What commits to the view of a gate as this person gets it now; a verdict has to name it. Read it before what is shown:
-- then whatever changes in between makes the verdict stale, and never binds it to what was not seen.
create or replace function app.shown_hash(p_gate_id uuid, p_user_id uuid) returns bytea
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select core.shown_hash(p_gate_id, p_user_id)
$$;
