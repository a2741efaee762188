-- Declares a conflict: that person holds no seat of this gate from now on. Seats already held stay decided.
create or replace function app.recuse(p_gate_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  if gate.closed_at is not null then return jsonb_build_object('outcome', 'refused', 'code', 'gate_closed', 'now', core.winner(gate.id)); end if;
  insert into core.gate_recusals (tenant_id, gate_id, user_id, at) values (app.tenant(), p_gate_id, p_actor_user_id, app.now()) on conflict do nothing;
  if found then
    update core.gates set claimed_by = null, claimed_until = null
    where tenant_id = app.tenant() and id = p_gate_id and claimed_by = p_actor_user_id;
    perform core.seek_people(p_gate_id);
    perform core.emit('gate.recused', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object('gate_id', p_gate_id));
  end if;
  return jsonb_build_object('outcome', 'recused');
end
$$;
