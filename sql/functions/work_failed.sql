-- Puts off a piece of work that could not be done: five seconds at first, twice as long each time, five minutes at most.
-- The fifth failure in a row pages operations, once for all that fails with this code. Work that is done or gone is none.
-- Answers {failures: how many in a row}.
create or replace function app.work_failed(p_kind text, p_ref_id uuid, p_code text) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  pages_from constant integer := 5;
  first_pause constant interval := '5 seconds';
  longest_pause constant interval := '5 minutes';
  -- Failures that lie apart for longer are no row of failures.
  within constant interval := '30 minutes';
  work core.worklist;
begin
  select * into work from core.worklist where kind = p_kind and tenant_id = app.tenant() and ref_id = p_ref_id for update;
  if not found then
    return jsonb_build_object('failures', 0);
  end if;
  work.failures := case when work.failed_at < app.now() - within then 1 else work.failures + 1 end;
  update core.worklist set failures = work.failures, failed_at = app.now(),
    due_at = app.now() + least(first_pause * power(2, least(work.failures, 10) - 1), longest_pause)
  where kind = p_kind and tenant_id = app.tenant() and ref_id = p_ref_id;
  if work.failures >= pages_from then
    perform core.page('repair_failing ' || p_kind || ' ' || p_code, 'repair_failing', case p_kind
      when 'run' then p_ref_id
      when 'intent' then (select g.run_id from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
        where i.tenant_id = app.tenant() and i.id = p_ref_id)
    end);
  end if;
  return jsonb_build_object('failures', work.failures);
end
$$;
