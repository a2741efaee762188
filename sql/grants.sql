-- Who may call and read what. Nothing is granted to PUBLIC, no role may touch a table. Made anew at each migration.
revoke all on all functions in schema app, core from public;
revoke all on all tables in schema app, core from public;
revoke all on all functions in schema app, core from countersign_worker, countersign_api, countersign_adapter, countersign_auditor;
revoke all on all tables in schema app from countersign_worker, countersign_api, countersign_adapter, countersign_auditor;
grant usage on schema app to countersign_worker, countersign_api, countersign_adapter, countersign_auditor;

-- What views call is called with the rights of whoever reads them.
grant execute on function core.content_text, core.bound_text, core.rationale_text to countersign_api;
grant execute on function core.undo_until to countersign_api, countersign_auditor;
grant execute on function core.commitment_hex to countersign_api, countersign_worker, countersign_auditor;

grant execute on function app.note_altered to countersign_worker, countersign_api;
grant execute on function app.tenant, app.now, app.utc to countersign_worker, countersign_api, countersign_adapter, countersign_auditor;

grant execute on function app.reserve, app.load_run, app.store_prompt, app.begin_call, app.finish_call, app.give_up_call, app.load_answer,
  app.record_evaluation, app.load_judged_answers, app.uncounted_tenants, app.count_agreement, app.record_draft, app.begin_replay, app.close_replay, app.reterm_run, app.asks_otherwise, app.seek_people, app.lacks_people, app.apply_intent, app.tick_gate, app.timing_of_run, app.retime_gate, app.settle_run, app.close_run, app.reconcile_run, app.withdraw_run,
  app.due_work, app.hasten_work, app.work_failed, app.page_stuck_step, app.note_vendor, app.warn_of_agreements, app.tenant_ids, app.purposes_in_use, app.similar_passages,
  app.stale_data_keys, app.rewrap_data_keys, app.load_document, app.store_passages, app.begin_passage, app.finish_passage, app.close_document,
  app.reread_documents, app.put_sealing_key, app.sealing_keys, app.rewrap_sealing_key, app.dispatch_notice, app.begin_delivery,
  app.finish_delivery, app.set_mail_channel, app.begin_mail, app.hand_mail, app.finish_mail
to countersign_worker;
grant select on app.runs, app.gates, app.intents, app.purposes, app.record_types, app.chain_head, app.account, app.policies to countersign_worker;

grant execute on function app.tenant_of_key, app.authenticate, app.accept_run, app.accept_compensation, app.reauthenticate, app.store_intent, app.store_intents, app.withdraw_run, app.gate_refusal, app.claim_gate, app.renew_claim, app.steal_claim, app.reassign_gate, app.release_gate, app.ask_requester, app.answer_question,
  app.recuse, app.review_act, app.reviewer_statistics, app.create_delegation, app.revoke_delegation, app.record_view, app.blind_gates, app.acting_for, app.comment_on_gate, app.give_feedback, app.create_tenant, app.open_tenant, app.set_member, app.create_key, app.revoke_key,
  app.grant_credits, app.set_policy, app.set_vendor, app.set_price, app.acknowledge_page, app.read_content, app.note_reidentified, app.shown_hash, app.gate_agreement, app.reviewer_agreement, app.set_subject_member,
  app.add_document, app.delete_document, app.add_webhook, app.change_webhook, app.rotate_webhook_secret, app.ping_webhook, app.replay_deliveries, app.accept_replay, app.set_mail_preference
to countersign_api;
grant select on all tables in schema app to countersign_api;

grant execute on function app.store_receipt, app.import_trust_record, app.verify_trust_record to countersign_adapter;
grant select on app.trust_records to countersign_adapter;

grant execute on function app.read_content, app.reviewer_agreement to countersign_auditor;
grant select on app.runs, app.feedback, app.calls, app.attempts, app.proposals, app.gates, app.decisions, app.act_reviews, app.intents, app.records, app.account, app.ledger, app.events,
  app.chain_head, app.evals, app.policies, app.vendors, app.prices, app.purposes, app.record_types, app.members, app.keys, app.trust_records, app.delegations, app.gate_views,
  app.privileging_log, app.pages, app.evidence, app.handovers, app.gate_questions, app.documents, app.run_passages, app.replays
to countersign_auditor;

do $$
begin
  if exists (select from pg_roles where rolname = 'countersign_backup') then
    grant usage on schema app, core to countersign_backup;
    grant select on all tables in schema app, core to countersign_backup;
    grant select on all sequences in schema core to countersign_backup;
  end if;
end
$$;
