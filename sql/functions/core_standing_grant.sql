-- The earliest decision, beside one record's, whose grant names a fact and stands: neither corrected nor undone. Null when
-- there is none.
create or replace function core.standing_grant(p_fact core.worker_trust_records, p_but_record_id uuid) returns uuid
  language sql stable set search_path = core, app, pg_temp
as $$
  -- Materialized, so that no other content is ever read as JSON.
  with grants as materialized (
    select r.decision_id, r.written_at, r.id, c.bytes
    from core.records r
      join core.record_types t on t.name = r.record_type and t.effect = 'privilege_grant'
      join core.decisions d on d.tenant_id = r.tenant_id and d.id = r.decision_id
      join core.contents c on c.tenant_id = r.tenant_id and c.id = r.content_id
    where r.tenant_id = app.tenant() and r.id <> p_but_record_id and r.act <> 'undo' and d.disposition in ('grant', 'grant_with_conditions')
      and not exists (select from core.records s where s.tenant_id = r.tenant_id and s.compensates_record_id = r.id)
  )
  select g.decision_id
  from grants g cross join lateral (select convert_from(g.bytes, 'UTF8')::jsonb as payload) p
  where p.payload ->> 'subject_id' = (p_fact).subject_id and p.payload -> 'trust_record_ids' ? (p_fact).id::text
  order by g.written_at, g.id limit 1
$$;
