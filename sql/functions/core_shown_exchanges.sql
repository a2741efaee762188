-- What was asked of the requester and answered, as the view of a gate commits to it: by salted commitments, in the order in
-- which they came. p_exchanges: only the first so many of them; null: all.
create or replace function core.shown_exchanges(p_gate_id uuid, p_exchanges bigint) returns jsonb
  language sql stable set search_path = core, app, pg_temp
as $$
  select case when count(*) = 0 then '{}' else jsonb_build_object('questions', jsonb_agg(jsonb_build_object(
    'id', x.id, 'act', x.act, 'by', x.by, 'hash', core.commitment_hex(x.content_id)) order by x.place)) end
  from (
    -- An answer comes after its question, also within one tick of the clock.
    select *, row_number() over (order by at, act desc, id) as place from (
      select id, 'asked' as act, asked_by as by, question_content_id as content_id, asked_at as at
      from core.gate_questions where tenant_id = app.tenant() and gate_id = p_gate_id
      union all
      select a.question_id, 'answered', a.answered_by, a.answer_content_id, a.answered_at
      from core.gate_questions q join core.gate_answers a on a.tenant_id = q.tenant_id and a.question_id = q.id
      where q.tenant_id = app.tenant() and q.gate_id = p_gate_id) told) x
  where p_exchanges is null or x.place <= p_exchanges
$$;
