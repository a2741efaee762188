-- Values of the tenant that no model may read in free text, for a worker that has read those until p_mark (null: none yet).
-- Answers {mark, values: [{kind, value}]}; a value may come twice. A tenant with very many gives its people and the newest
-- of the others.
create or replace function core.known_since(p_mark text) returns jsonb
  language sql stable set search_path = core, app, pg_temp
as $$
  -- Transactions below the mark were over when it was taken. One from the future is of another cluster, before a restore.
  with since as (
    select case when p_mark::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) then p_mark::xid8 else '0'::xid8 end as mark)
  select jsonb_build_object('mark', pg_snapshot_xmin(pg_current_snapshot())::text, 'values', coalesce((
    select jsonb_agg(jsonb_build_object('kind', n.kind, 'value', coalesce(n.value, core.content_text(n.content_id))))
    from (
      select k.kind, k.value, k.content_id from core.known_values k
      where k.tenant_id = app.tenant() and k.noted_in >= (select s.mark from since s)
      order by k.kind <> 'person', k.noted_in desc limit 20000) n), '[]'))
$$;
