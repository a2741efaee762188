-- How often reviewers agreed with the model of this gate's answer when it was as sure as it is here, for the purpose of its
-- run: what was counted when the gate opened, of the last p_days days. So it is the same for everybody at every time, whoever
-- decides meanwhile, and can be told again from rows that never change. Null where no model proposed, and while fewer than
-- p_decided_min were decided. p_floors: where each band begins, from 0 on.
-- Answers {floor_permille, agreed, decided}.
create or replace function app.gate_agreement(p_gate_id uuid, p_floors integer[], p_days integer, p_decided_min bigint) returns jsonb
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select case when counted.decided >= p_decided_min then
    jsonb_build_object('floor_permille', band.floor, 'agreed', counted.agreed::text, 'decided', counted.decided::text) end
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p.ai_run_id
    cross join lateral (select width_bucket(p.confidence_permille, p_floors) as place) found
    cross join lateral (select p_floors[found.place] as floor, coalesce(p_floors[found.place + 1], 1001) as ceiling) band
    cross join lateral (
      select sum(a.agreed) as agreed, sum(a.agreed + a.edited + a.rejected) as decided
      from core.agreement_days a
      where a.tenant_id = g.tenant_id and a.purpose = r.purpose and a.vendor = c.vendor and a.model = c.model
        and a.confidence_permille >= band.floor and a.confidence_permille < band.ceiling
        and a.day >= (g.opened_at at time zone 'UTC')::date - p_days and a.counted_at <= g.opened_at) counted
  where g.tenant_id = app.tenant() and g.id = p_gate_id and not g.manual
$$;
