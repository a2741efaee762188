-- Ends a delegation before its time, and takes back what was stored under it and is not applied yet. By whoever delegated or was
-- delegated to, or an admin. Answers {outcome: revoked} or {outcome: refused, code}.
create or replace function app.revoke_delegation(p_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  actor core.members;
  delegation core.delegations;
  pending record;
begin
  actor := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Locked before anything else: a verdict that is being stored under it is there afterwards, or refused.
  select * into delegation from core.delegations where tenant_id = app.tenant() and id = p_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_not_found');
  elsif p_actor_user_id not in (delegation.delegator_user_id, delegation.delegate_user_id) and not 'admin' = any (actor.roles) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_allowed');
  elsif delegation.revoked_at is not null or delegation.until_at <= app.now() then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_ended');
  end if;
  for pending in
    select i.id, i.gate_id, g.run_id from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.delegation_id = p_id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    order by g.run_id, g.id, i.id
  loop
    -- In the order of deciding.
    perform from core.runs where tenant_id = app.tenant() and id = pending.run_id for no key update;
    perform from core.gates where tenant_id = app.tenant() and id = pending.gate_id for no key update;
    if not exists (select from core.intent_outcomes where tenant_id = app.tenant() and intent_id = pending.id) then
      perform core.answer_intent(pending.id, 'taken_back', null, null);
    end if;
  end loop;
  update core.delegations set revoked_at = app.now(), revoked_by = p_actor_user_id where tenant_id = app.tenant() and id = p_id;
  perform core.emit('delegation.revoked', core.actor_kind(), p_actor_user_id, null, jsonb_build_object(
    'delegation_id', p_id, 'delegator_user_id', delegation.delegator_user_id, 'delegate_user_id', delegation.delegate_user_id));
  return jsonb_build_object('outcome', 'revoked');
end
$$;
