-- A draft is confirmed only together with its decision: at commit, the gate of a confirmed draft has been approved or
-- applied. SECURITY DEFINER for the same reason as core.seal.
create or replace function core.check_draft_confirmed() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if new.status = 'confirmed' and not exists (
    select from core.gates g join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
    where g.tenant_id = new.tenant_id and g.proposal_id = new.proposal_id and o.outcome in ('approved', 'applied')) then
    raise exception 'draft % is confirmed without a decision', new.proposal_id using errcode = 'ZC006';
  end if;
  return null;
end
$$;
