-- Gates at which reviewers decided about what a model proposed, of those that closed from p_from on and before p_until, and
-- whether they agreed with it. A reviewer agrees with an answer by approving it as it was drafted, in every seat. Approving
-- it with edits is no agreement, however small they are, and neither is a rejection, for whatever reason. A disposition is about
-- the act: an answer that was approved as it stands is agreed with also where what it supports is denied. What no reviewer
-- decided is not counted: expired, withdrawn, applied by a tier; nor is what no model proposed.
create or replace function core.reviewed_gates(p_from timestamptz, p_until timestamptz) returns table (
    gate_id uuid, purpose text, vendor text, model text, confidence_permille integer, closed_at timestamptz, review text)
  language sql stable set search_path = core, app, pg_temp
as $$
  select g.id, r.purpose, c.vendor, c.model, p.confidence_permille, o.at,
    case
      when o.outcome = 'rejected' then 'rejected'
      when exists (select from core.decisions d where d.tenant_id = g.tenant_id and d.gate_id = g.id and d.gate_version = g.version
        and d.verdict = 'approve' and d.edits_content_id is not null) then 'edited'
      else 'agreed'
    end
  from core.gate_outcomes o
    join core.gates g on g.tenant_id = o.tenant_id and g.id = o.gate_id
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p.ai_run_id
  where o.tenant_id = app.tenant() and o.at >= p_from and o.at < p_until and o.outcome in ('approved', 'rejected')
    and not g.manual and p.shown and p.confidence_permille is not null
$$;
