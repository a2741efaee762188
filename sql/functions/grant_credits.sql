-- Grants credits to the tenant that was entered, by a person of the platform; once by idempotency key (its ledger leg is
-- answered again). Answers {outcome: granted | replayed, seq, balance}.
create or replace function app.grant_credits(p_amount bigint, p_key text, p_platform_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  granter core.members := core.require_actor(p_platform_user_id, array['platform_admin'], '__platform__');
  account core.accounts := core.lock_account();
  known core.grant_keys;
begin
  if granter.kind = 'service' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  if p_amount <= 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'amount_invalid');
  end if;
  select * into known from core.grant_keys where tenant_id = app.tenant() and key = p_key;
  if found then
    if known.amount_credits <> p_amount then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'seq', known.ledger_seq::text, 'balance', account.balance_credits::text);
  end if;
  perform core.write_leg('grant', null, p_amount, p_platform_user_id, null, null, null, null);
  insert into core.grant_keys (tenant_id, key, amount_credits, ledger_seq) values (app.tenant(), p_key, p_amount, account.ledger_seq + 1);
  return jsonb_build_object('outcome', 'granted', 'seq', (account.ledger_seq + 1)::text, 'balance', (account.balance_credits + p_amount)::text);
end
$$;
