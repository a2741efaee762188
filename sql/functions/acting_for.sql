-- In whose place a person could decide about a gate now, by delegations that hold. As gate_refusal, for pages: what counts is asked
-- again when a verdict is stored.
create or replace function app.acting_for(p_gate_id uuid, p_user_id uuid) returns uuid[]
  language plpgsql stable security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  asked_at constant timestamptz := app.now();
begin
  if not exists (select from core.delegations where tenant_id = app.tenant() and delegate_user_id = p_user_id and revoked_at is null and until_at > asked_at) then
    return '{}';
  end if;
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id and closed_at is null and due_at >= asked_at;
  if not found then
    return '{}';
  end if;
  return array(
    select distinct d.delegator_user_id from core.delegations d
    where d.tenant_id = app.tenant() and d.delegate_user_id = p_user_id and d.revoked_at is null and d.from_at <= asked_at and d.until_at > asked_at
      and coalesce(core.verdict_refusal(gate, p_user_id, core.presented_key(), core.delegation_of(gate, p_user_id, d.delegator_user_id, asked_at)),
        'view_required') = 'view_required'
    order by 1);
end
$$;
