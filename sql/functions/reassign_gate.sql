-- Gives a gate to another person who could hold a seat of it, with a reason: by its holder, a senior or an admin. Whom the run
-- is about, and who has declared a conflict, don't choose who looks at it. The lease may be longer than a claim's, because who
-- was given work need not be there yet. Given again to who holds it, it changes nothing but the lease.
-- Answers {outcome: reassigned, until} or a refusal with the holder.
create or replace function app.reassign_gate(p_gate_id uuid, p_to uuid, p_reason text, p_lease interval, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  actor core.members := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  gate core.gates;
  run core.runs;
  refusal text;
  lease_end timestamptz;
begin
  perform core.check_lease(p_lease, interval '1 day');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = gate.run_id;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when core.is_subject(run, p_actor_user_id) then 'subject_of_run'
    when exists (select from core.gate_recusals where tenant_id = app.tenant() and gate_id = gate.id and user_id = p_actor_user_id) then 'recused'
    when not actor.roles && array['senior', 'admin'] and (gate.claimed_by is distinct from p_actor_user_id or gate.claimed_until <= app.now())
      then 'not_the_holder'
    when not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when coalesce(core.seat_refusal(gate, p_to), core.key_refusal(gate, p_to, null)) is not null then 'assignee_ineligible' end;
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  if gate.claimed_by = p_to and gate.claimed_until > app.now() then
    lease_end := greatest(app.now() + p_lease, gate.claimed_until);
    update core.gates set claimed_until = lease_end where tenant_id = app.tenant() and id = p_gate_id;
    return jsonb_build_object('outcome', 'reassigned', 'until', app.utc(lease_end), 'from_user_id', p_to);
  end if;
  return core.hand_over(gate, 'reassigned', p_to, p_actor_user_id, p_reason, p_lease);
end
$$;
