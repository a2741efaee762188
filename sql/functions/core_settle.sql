-- Settles a run's hold by what its billed calls cost: the reservation comes back, fits, or the rest is deducted as far as
-- the balance goes and the remainder recorded as shortfall. Once; later calls find the leg that is there.
-- The account is locked by the caller.
create or replace function core.settle(p_run_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  run core.runs;
  balance bigint;
  actual bigint;
  deducted bigint;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.settled_at is not null or run.reserved_credits = 0 then
    return;
  end if;
  select coalesce(sum(case c.kind when 'primary' then p.price_primary when 'advisor' then p.price_advisor else 0 end), 0) into actual
  from core.run_calls l
    join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
    join core.purposes p on p.name = run.purpose and p.version = run.purpose_version
  where l.tenant_id = app.tenant() and l.run_id = p_run_id and l.billed and c.status = 'succeeded';
  select balance_credits into strict balance from core.accounts where tenant_id = app.tenant();
  deducted := least(greatest(actual - run.reserved_credits, 0), balance);
  perform core.write_leg('settle', p_run_id, greatest(run.reserved_credits - actual, 0) - deducted, null,
    run.reserved_credits, actual, deducted, greatest(actual - run.reserved_credits, 0) - deducted);
  update core.runs set settled_at = app.now(), actual_credits = actual, deducted_credits = deducted,
    shortfall_credits = greatest(actual - run.reserved_credits, 0) - deducted
  where tenant_id = app.tenant() and id = p_run_id;
end
$$;
