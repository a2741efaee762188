-- Why a person's verdict can't count at a gate now, under this key and, where p_delegation is a row, in another's place; null
-- when it can. A delegate sits with the delegator's own roles, and never where the delegator may not sit.
-- Where a view of one's own is asked first, it is the view of whoever decides.
create or replace function core.verdict_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_delegation core.delegations) returns text
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  lent text[];
  theirs text;
begin
  if (p_delegation).id is null then
    return coalesce(core.seat_refusal(p_gate, p_user_id), core.key_refusal(p_gate, p_user_id, p_key_id),
      case when p_gate.blind_first then core.view_refusal(p_gate, p_user_id) end);
  end if;
  select array(select unnest(m.roles) intersect select unnest((p_delegation).roles)) into lent
  from core.members m where m.tenant_id = app.tenant() and m.user_id = (p_delegation).delegator_user_id;
  theirs := core.seat_refusal(p_gate, (p_delegation).delegator_user_id, lent);
  return coalesce(case theirs when 'person_required' then 'delegation_missing' else theirs end,
    core.seat_refusal(p_gate, p_user_id, lent),
    core.key_refusal(p_gate, p_user_id, p_key_id, (p_delegation).delegator_user_id,
      nullif((p_delegation).created_by, (p_delegation).delegator_user_id)),
    case when p_gate.blind_first then core.view_refusal(p_gate, p_user_id) end);
end
$$;
