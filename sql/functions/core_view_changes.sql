-- What has changed of a gate since the view that a verdict names, in the words of its fields; nothing when it is that very
-- view. A hash of another person's view, or of none, names only itself.
create or replace function core.view_changes(p_gate core.gates, p_user_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea)
  returns text[]
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  applied bigint;
  exchanged bigint := (p_gate).exchanges;
  earlier record;
begin
  if p_shown_hash = core.shown_hash((p_gate).id, p_user_id) then
    return '{}';
  end if;
  select count(*) into applied from core.decisions where tenant_id = app.tenant() and gate_id = (p_gate).id;
  -- The view that it names may have had fewer verdicts, fewer questions and answers, or both. Only the last of many are tried.
  select d as decisions, e as exchanges into earlier
  from generate_series(applied, greatest(0, applied - 20), -1) as d, generate_series(exchanged, greatest(0, exchanged - 20), -1) as e
  where (d < applied or e < exchanged) and core.shown_hash((p_gate).id, p_user_id, d, e) = p_shown_hash
  limit 1;
  return array_remove(array[
    case when p_gate_version is distinct from (p_gate).version then 'gate_version' end,
    case when p_proposal_hash is distinct from (p_gate).proposal_hash then 'proposal_hash' end,
    case when earlier.decisions < applied then 'decisions' end,
    case when earlier.exchanges < exchanged then 'questions' end,
    'shown_hash'] || array(
      select distinct c.name from core.gate_versions v cross join lateral unnest(v.changed) as c (name)
      where v.tenant_id = app.tenant() and v.gate_id = (p_gate).id and v.version > p_gate_version order by c.name), null);
end
$$;
