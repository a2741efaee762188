-- Ends a mail for good and takes it off the worklist; one that nobody may have got pages operations. The mail is locked by the
-- caller. Answers {outcome: over, state, code}.
create or replace function core.end_mail(p_mail_id uuid, p_state text, p_code text) returns jsonb
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  update core.mails set state = p_state, code = p_code, next_at = null, changed_at = app.now() where tenant_id = app.tenant() and id = p_mail_id;
  delete from core.worklist where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  if p_state in ('failed', 'unsure') then
    perform core.page(p_code, p_code, null);
  end if;
  return jsonb_build_object('outcome', 'over', 'state', p_state, 'code', p_code);
end
$$;
