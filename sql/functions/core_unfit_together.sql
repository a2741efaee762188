-- Which of the gates of a list are not decided together with the rest, by their places in it from 0, and why: not there,
-- named before, protected, or of another record type, purpose or version of the policy than the first routine one.
create or replace function core.unfit_together(p_items jsonb) returns jsonb
  language sql stable set search_path = core, app, pg_temp
as $$
  with named as (
    select i.place - 1 as place, g.id, g.record_class, p.record_type, r.purpose || ' ' || r.purpose_version as purpose,
      (select max(c.version) from core.ai_policy_controls c where c.tenant_id = app.tenant() and c.set_at <= g.opened_at) as policy_version,
      row_number() over (partition by i.item ->> 'gate_id' order by i.place) as time
    from jsonb_array_elements(p_items) with ordinality as i (item, place)
      left join core.gates g on g.tenant_id = app.tenant() and g.id = (i.item ->> 'gate_id')::uuid
      left join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
      left join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
  ), first as (
    select record_type, purpose, policy_version from named where record_class = 'routine' order by place limit 1
  ), judged as (
    select n.place, case
        when n.id is null then 'missing'
        when n.time > 1 then 'repeated'
        when n.record_class <> 'routine' then 'protected'
        when n.record_type <> f.record_type then 'record_type'
        when n.purpose <> f.purpose then 'purpose'
        when n.policy_version is distinct from f.policy_version then 'policy'
      end as why
    from named n left join first f on true
  )
  select coalesce(jsonb_agg(jsonb_build_object('place', place, 'why', why) order by place), '[]') from judged where why is not null
$$;
