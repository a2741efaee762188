-- Notes when somebody first held a gate, however they came to it: claimed, taken over, given.
create or replace function core.note_claim() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  insert into core.gate_claims (tenant_id, gate_id, user_id, at) values (new.tenant_id, new.id, new.claimed_by, app.now()) on conflict do nothing;
  return null;
end
$$;
