-- Gives an open gate other seats as its next version: whoever sat on the present ones is void, but shown. Roles that time or want
-- of people has added stay. The gate is locked by the caller.
create or replace function core.set_seats(p_gate core.gates, p_seats integer, p_seat_roles text[], p_role text) returns core.gates
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  changed core.gates;
begin
  update core.gates set version = version + 1, seats = p_seats, seat_roles = p_seat_roles,
    roles = core.distinct_roles(coalesce(p_seat_roles, array[p_role]) || added_roles)
  where tenant_id = app.tenant() and id = p_gate.id
  returning * into changed;
  insert into core.gate_versions (tenant_id, gate_id, version, cause, changed, at)
  values (app.tenant(), changed.id, changed.version, 'edit', '{seats}', app.now());
  perform core.emit('gate.raised', core.actor_kind(), core.actor(), changed.run_id, jsonb_build_object(
    'gate_id', changed.id, 'gate_version', changed.version::text, 'seats', changed.seats::text, 'roles', to_jsonb(changed.roles),
    'seat_roles', to_jsonb(changed.seat_roles)));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.raised', changed.run_id, changed.id, app.now());
  return changed;
end
$$;
