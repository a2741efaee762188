-- Notes that somebody is shown contents that have the identifiers of their runs back: once a day for each content, as one
-- event for each run with how many of each kind its tokens stand for. What never had tokens is not re-identified by being
-- shown: inputs, contents of runs without any, and the empty proposals of manual gates.
create or replace function core.note_reidentified(p_content_ids uuid[], p_user_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  seen record;
begin
  for seen in
    with fresh as (
      insert into core.reidentifications (tenant_id, user_id, content_id, day, seen_at)
      select app.tenant(), p_user_id, c.id, (app.now() at time zone 'UTC')::date, app.now()
      from core.contents c
      where c.tenant_id = app.tenant() and c.id = any (p_content_ids) and c.kind in ('proposal', 'question', 'edit', 'record')
        and exists (select from core.scrub_tokens s where s.tenant_id = c.tenant_id and s.run_id = c.run_id)
        and not exists (select from core.proposals p
          where p.tenant_id = c.tenant_id and p.run_id = c.run_id and p.payload_content_id = c.id and p.kind = 'manual')
      on conflict do nothing
      returning content_id)
    select c.run_id, jsonb_agg(c.id::text order by c.id) as content_ids
    from fresh f join core.contents c on c.tenant_id = app.tenant() and c.id = f.content_id
    group by c.run_id order by c.run_id
  loop
    perform core.emit('content.reidentified', core.actor_kind(), p_user_id, seen.run_id, (
      select jsonb_build_object('content_ids', seen.content_ids, 'tokens', sum(n)::text, 'kinds', jsonb_object_agg(kind, n::text))
      from (select s.kind, count(*) as n from core.scrub_tokens s where s.tenant_id = app.tenant() and s.run_id = seen.run_id group by s.kind) k));
  end loop;
end
$$;
