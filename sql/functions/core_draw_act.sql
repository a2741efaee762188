-- Draws an act of the system for a review afterwards, at the rate of the policy it acted under. By a hash over the tenant's
-- secret, the run's id and the proposal's place in it: all of them stood before anybody could see the outcome, so that trying
-- again draws the same, and without the secret nobody knows it beforehand. Both inputs have one length, so a plain hash does.
create or replace function core.draw_act(p_decision core.decisions, p_ordinal integer, p_rate_permille integer) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  drawn integer;
begin
  select ('x' || encode(substring(sha256(s.review_secret || uuid_send(p_decision.run_id) || int4send(p_ordinal)) for 7), 'hex'))::bit(56)::bigint % 1000
    into strict drawn
  from core.tenant_secrets s where s.tenant_id = app.tenant();
  if drawn < p_rate_permille then
    insert into core.act_samples (tenant_id, decision_id, gate_id, rate_permille, drawn_permille, drawn_at)
    values (app.tenant(), p_decision.id, p_decision.gate_id, p_rate_permille, drawn, p_decision.decided_at);
  end if;
end
$$;
