-- What the reconciler asks of a waiting run: whether an act of time is late by a minute, because the timer that should have
-- brought it follows another clock; and the open gates whose instants were counted by another calendar than the tenant's
-- present one, with what is needed to count them anew. Durations, times and names of registered record types only.
-- A run that waits is looked at again after five minutes, or a minute after its next act of time, so that thousands which wait
-- cost little; who changes what they are asked puts them before their turn.
-- Answers {is_late, policy_version, working_calendar, time_zone, stale: [{gate_id, opened_at, timing, record_type}]}.
create or replace function app.timing_of_run(p_run_id uuid) returns jsonb
  language sql volatile security definer set search_path = core, app, pg_temp
as $$
  update core.worklist w set due_at = greatest(w.due_at, least(app.now() + interval '5 minutes', (
    select min(core.gate_wake_at(g)) + interval '61 seconds' from core.gates g
    where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null)))
  where w.kind = 'run' and w.tenant_id = app.tenant() and w.ref_id = p_run_id;
  select jsonb_build_object(
    'is_late', coalesce(bool_or(core.gate_wake_at(g) < app.now() - interval '1 minute'), false),
    'policy_version', present.version, 'working_calendar', present.working_calendar,
    'time_zone', (select t.time_zone from core.tenants t where t.id = app.tenant()),
    'stale', coalesce(jsonb_agg(jsonb_build_object('gate_id', g.id, 'opened_at', app.utc(g.opened_at), 'timing', g.timing,
      'record_type', p.record_type) order by g.opened_at, g.id)
      filter (where g.id is not null and earlier.working_calendar is distinct from present.working_calendar), '[]'))
  from (select version, working_calendar from core.ai_policy_controls
      where tenant_id = app.tenant() order by version desc limit 1) present
    left join core.gates g on g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
    left join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    left join core.ai_policy_controls earlier on earlier.tenant_id = g.tenant_id and earlier.version = g.timed_by_policy_version
  group by present.version, present.working_calendar
$$;
