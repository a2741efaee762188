-- Writes the one terminal outcome of a gate and what follows from it: the proposal's outcome, the draft's or
-- recommendation's state, and the answer to every verdict that came too late. The gate is locked by the caller.
create or replace function core.close_gate(p_gate core.gates, p_outcome text, p_decision_id uuid, p_actor_kind text, p_actor_user_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  insert into core.gate_outcomes (tenant_id, gate_id, outcome, decision_id, actor_kind, actor_user_id, at)
  values (app.tenant(), p_gate.id, p_outcome, p_decision_id, p_actor_kind, p_actor_user_id, app.now());
  update core.gates set closed_at = app.now(), claimed_by = null, claimed_until = null where tenant_id = app.tenant() and id = p_gate.id;
  update core.proposals set outcome = p_outcome where tenant_id = app.tenant() and id = p_gate.proposal_id;
  update core.assistant_drafts set status = case when p_outcome in ('approved', 'applied') then 'confirmed' else 'discarded' end, changed_at = app.now()
  where tenant_id = app.tenant() and proposal_id = p_gate.proposal_id;
  update core.ai_recommendations set status = case p_outcome when 'approved' then 'approved' when 'rejected' then 'rejected' else 'lapsed' end,
    changed_at = app.now()
  where tenant_id = app.tenant() and proposal_id = p_gate.proposal_id;
  with answered as (
    insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
    select app.tenant(), i.id, case when p_outcome = 'expired' then 'late' else 'conflict' end,
      case when p_outcome = 'expired' then null else 'gate_closed' end, p_decision_id, app.now()
    from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = p_gate.id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    returning intent_id)
  delete from core.worklist
  where kind = 'intent' and tenant_id = app.tenant() and ref_id = any (array(select intent_id from answered));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.closed', p_gate.run_id, p_gate.id, app.now());
end
$$;
