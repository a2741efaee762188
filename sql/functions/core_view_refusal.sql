-- Why a verdict is too early: the gate asks a view of one's own before the model's is shown, and this person has recorded none.
create or replace function core.view_refusal(p_gate core.gates, p_user_id uuid) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select 'view_required'
  where (p_gate).blind_first and not exists (
    select from core.gate_views v where v.tenant_id = app.tenant() and v.gate_id = (p_gate).id and v.user_id = p_user_id)
$$;
