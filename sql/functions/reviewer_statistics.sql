-- What is known of reviewers, one row for each and purpose, of what they decided from p_from on and before p_until. Null takes
-- everybody and every purpose. `quick`: approvals stored in less than p_quick_seconds since the person first held the gate, or
-- since it opened where nobody saw them take it: the second can only be too long. `seat_pairs`: verdicts of others on the same
-- version of a gate, approvals and rejections, and how many of them were the same with the same disposition.
create or replace function app.reviewer_statistics(p_from timestamptz, p_until timestamptz, p_purpose text, p_user_id uuid, p_quick_seconds integer,
    p_sure_permille integer)
  returns table (user_id uuid, purpose text, decisions bigint, approvals bigint, rejections bigint, escalations bigint, edits bigint, agreed bigint,
    overrides bigint, sure_overrides bigint, self_confirmed bigint, quick bigint, median_seconds integer, p90_seconds integer, held bigint,
    held_median_seconds integer, held_p90_seconds integer, seat_pairs bigint, seat_pairs_agreed bigint, first_views bigint, first_views_changed bigint)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select d.user_id, d.purpose, count(*),
    count(*) filter (where d.verdict = 'approve'), count(*) filter (where d.verdict = 'reject'), count(*) filter (where d.verdict = 'escalate'),
    count(*) filter (where d.edited), count(*) filter (where d.model = 'agreed'), count(*) filter (where d.model = 'overridden'),
    count(*) filter (where d.model = 'overridden' and d.confidence_permille >= p_sure_permille),
    count(*) filter (where d.self_confirmed),
    count(*) filter (where d.verdict = 'approve' and coalesce(d.held_seconds, d.opened_seconds) < p_quick_seconds),
    round(percentile_cont(0.5) within group (order by d.opened_seconds))::integer, round(percentile_cont(0.9) within group (order by d.opened_seconds))::integer,
    count(d.held_seconds),
    round(percentile_cont(0.5) within group (order by d.held_seconds))::integer, round(percentile_cont(0.9) within group (order by d.held_seconds))::integer,
    coalesce(sum(o.pairs), 0)::bigint, coalesce(sum(o.agreed), 0)::bigint,
    count(d.first_view), count(*) filter (where d.first_view <> d.verdict)
  from core.reviewer_decisions(p_from, p_until) d
    left join lateral (
      select count(*) as pairs, count(*) filter (where s.verdict = d.verdict and s.disposition is not distinct from d.disposition) as agreed
      from core.decisions s
      where d.verdict in ('approve', 'reject') and s.tenant_id = app.tenant() and s.gate_id = d.gate_id and s.gate_version = d.gate_version
        and s.actor_user_id <> d.user_id and s.verdict in ('approve', 'reject') and s.actor_kind = 'human') o on true
  where (p_purpose is null or d.purpose = p_purpose) and (p_user_id is null or d.user_id = p_user_id)
  group by d.user_id, d.purpose order by d.user_id, d.purpose
$$;
