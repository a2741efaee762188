-- What people decided from p_from on and before p_until, one row a verdict that was applied, with what tells how it came about.
-- What "agrees" means is core.reviewed_gates' rule, of one person's verdict: a model's answer that was shown is agreed with when
-- it is approved as it was drafted; a rejection and an approval with edits override it; an escalation says neither. Seconds run
-- until the verdict was stored: since the version of the gate opened, and since this person first held it, where they did.
create or replace function core.reviewer_decisions(p_from timestamptz, p_until timestamptz) returns table (
    decision_id uuid, gate_id uuid, gate_version integer, purpose text, user_id uuid, verdict text, disposition text, edited boolean,
    model text, confidence_permille integer, self_confirmed boolean, opened_seconds numeric, held_seconds numeric, first_view text)
  language sql stable set search_path = core, app, pg_temp
as $$
  select d.id, d.gate_id, d.gate_version, r.purpose, d.actor_user_id, d.verdict, d.disposition, d.edits_content_id is not null and not d.manual,
    case when d.manual or not p.shown or p.confidence_permille is null or d.verdict = 'escalate' then null
      when d.verdict = 'approve' and d.edits_content_id is null then 'agreed' else 'overridden' end,
    p.confidence_permille, d.self_confirmed,
    extract(epoch from i.stored_at - coalesce(v.at, g.opened_at)),
    case when c.at <= i.stored_at then extract(epoch from i.stored_at - greatest(c.at, coalesce(v.at, g.opened_at))) end,
    w.opinion
  from core.decisions d
    join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
    join core.gates g on g.tenant_id = d.tenant_id and g.id = d.gate_id
    join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
    join core.runs r on r.tenant_id = d.tenant_id and r.id = d.run_id
    left join core.gate_versions v on v.tenant_id = d.tenant_id and v.gate_id = d.gate_id and v.version = d.gate_version
    left join core.gate_claims c on c.tenant_id = d.tenant_id and c.gate_id = d.gate_id and c.user_id = d.actor_user_id
    left join core.gate_views w on w.tenant_id = d.tenant_id and w.gate_id = d.gate_id and w.user_id = d.actor_user_id
  where d.tenant_id = app.tenant() and d.decided_at >= p_from and d.decided_at < p_until and d.actor_kind = 'human'
$$;
