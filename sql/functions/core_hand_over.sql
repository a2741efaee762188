-- Gives a locked gate to another holder, and says to everybody who sees it why and by whom.
create or replace function core.hand_over(p_gate core.gates, p_act text, p_to uuid, p_by uuid, p_reason text, p_lease interval) returns jsonb
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  lease_end timestamptz := app.now() + p_lease;
  holder uuid := case when (p_gate).claimed_until > app.now() then (p_gate).claimed_by end;
  reason core.contents := core.put_content((p_gate).run_id, 'reason', p_reason);
begin
  insert into core.gate_handovers (tenant_id, gate_id, act, from_user_id, to_user_id, by_user_id, reason_content_id, at)
  values (app.tenant(), (p_gate).id, p_act, holder, p_to, p_by, reason.id, app.now());
  update core.gates set claimed_by = p_to, claimed_until = lease_end where tenant_id = app.tenant() and id = (p_gate).id;
  perform core.emit(case p_act when 'stolen' then 'gate.stolen' else 'gate.reassigned' end, core.actor_kind(), p_by, (p_gate).run_id, jsonb_build_object('gate_id', (p_gate).id,
    'from_user_id', holder, 'to_user_id', p_to, 'reason_hash', encode(reason.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.' || p_act, (p_gate).run_id, (p_gate).id, app.now());
  return jsonb_build_object('outcome', p_act, 'until', app.utc(lease_end), 'from_user_id', holder);
end
$$;
