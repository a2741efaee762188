-- What has changed of a gate since the view that a verdict names, in the words of its fields; nothing when it is that very
-- view. A hash of another person's view, or of none, names only itself.
create or replace function core.view_changes(p_gate core.gates, p_user_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea)
  returns text[]
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  applied bigint;
begin
  if p_shown_hash = core.shown_hash((p_gate).id, p_user_id) then
    return '{}';
  end if;
  select count(*) into applied from core.decisions where tenant_id = app.tenant() and gate_id = (p_gate).id;
  return array_remove(array[
    case when p_gate_version is distinct from (p_gate).version then 'gate_version' end,
    case when p_proposal_hash is distinct from (p_gate).proposal_hash then 'proposal_hash' end,
    case when exists (
      select from generate_series(0, applied - 1) as earlier where core.shown_hash((p_gate).id, p_user_id, earlier) = p_shown_hash)
      then 'decisions' end,
    'shown_hash'], null);
end
$$;
