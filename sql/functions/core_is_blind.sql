-- Whether what the model said at a gate, and what others decided there, is held back from a person: the gate is open, asks a view of
-- one's own first, and this person, who may decide about it now or might yet, has recorded none.
create or replace function core.is_blind(p_gate core.gates, p_user_id uuid) returns boolean
  language plpgsql stable set search_path = core, app, pg_temp
as $$
begin
  if not p_gate.blind_first or p_gate.closed_at is not null
      or exists (select from core.gate_views where tenant_id = app.tenant() and gate_id = p_gate.id and user_id = p_user_id)
      or not exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person'
        and roles && array['reviewer', 'senior', 'admin']) then
    return false;
  end if;
  -- Who asked, or is spoken of, will never decide here. A role may still come to them, or a seat become free.
  return coalesce(core.seat_refusal(p_gate, p_user_id), 'role_missing') not in ('subject_of_run', 'requester_holds_no_seat');
end
$$;
