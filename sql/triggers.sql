-- Triggers, made anew at each migration because the functions are. ENABLE ALWAYS: not even
-- session_replication_role = replica passes them.
do $$
declare
  t text;
  free text;
  until text;
begin
  -- Append-only: no UPDATE, no DELETE, no TRUNCATE, for nobody but the owner who would have to disable them first.
  foreach t in array array['credit_ledger', 'decisions', 'audit_log', 'ai_evals', 'intents', 'intent_outcomes', 'gate_outcomes', 'contents',
      'source_receipts', 'privileging_recommendation_log', 'records', 'ai_policy_controls', 'ai_vendor_baa_matrix', 'ai_prices',
      'run_keys', 'grant_keys', 'run_calls', 'gate_recusals', 'act_samples', 'act_reviews', 'gate_claims', 'gate_comments', 'gate_views', 'gate_handovers', 'gate_questions', 'gate_answers', 'bulk_verdicts', 'ai_feedback', 'scrub_tokens', 'subject_members', 'known_values', 'reidentifications', 'run_passages', 'mail_notices', 'agreement_days',
      'purposes', 'purpose_record_types', 'gate_record_types', 'gate_versions', 'reauthentications', 'printed_names'] loop
    execute format('drop trigger if exists refuse_change on core.%I', t);
    execute format('drop trigger if exists refuse_truncate on core.%I', t);
    execute format('create trigger refuse_change before update or delete on core.%I for each row execute function core.refuse_change()', t);
    execute format('create trigger refuse_truncate before truncate on core.%I for each statement execute function core.refuse_change()', t);
    execute format('alter table core.%I enable always trigger refuse_change', t);
    execute format('alter table core.%I enable always trigger refuse_truncate', t);
  end loop;

  -- Rows that move through states, but never lose what was bound to them.
  foreach t in array array['runs', 'proposals', 'gates'] loop
    execute format('drop trigger if exists freeze_terms on core.%I', t);
    execute format('drop trigger if exists refuse_truncate on core.%I', t);
    execute format('create trigger freeze_terms before update or delete on core.%I for each row execute function core.freeze_terms()', t);
    execute format('create trigger refuse_truncate before truncate on core.%I for each statement execute function core.refuse_change()', t);
    execute format('alter table core.%I enable always trigger freeze_terms', t);
    execute format('alter table core.%I enable always trigger refuse_truncate', t);
  end loop;
  -- Rows of which only what is named here moves, and that only until it is set.
  for t, free, until in
    select * from (values
      ('gate_instants', 'fired_at superseded_at', 'fired_at'),
      ('ai_run_attempts', 'state cost_nano_usd error_code ended_at', 'ended_at'),
      ('api_keys', 'revoked_at', 'revoked_at'),
      ('delegations', 'revoked_by revoked_at', 'revoked_at'),
      ('outbox', 'delivered_at', 'delivered_at'),
      ('pages', 'count acknowledged_by acknowledged_at', 'acknowledged_at'),
      ('memories', 'deleted_at', 'deleted_at'),
      ('documents', 'state code pages characters passages changed_at', null),
      ('replays', 'replay_call_id state outcome code agreement fields_compared fields_differing differing closed_at', 'closed_at'),
      ('assistant_drafts', 'status changed_at', null),
      ('ai_recommendations', 'status changed_at', null),
      ('worker_trust_records', 'tier source_receipt_id last_verified_at verified_until approved_by_decision_id retracted_by_decision_id changed_at', null),
      ('webhook_endpoints', 'event_types state code changed_at', null),
      ('webhook_secrets', 'expires_at', null),
      ('webhook_deliveries', 'state code round attempts next_at changed_at', null),
      ('webhook_attempts', 'state code status ended_at', 'ended_at'),
      ('mail_preferences', 'preference changed_at', null),
      ('mails', 'state code attempts next_at changed_at', null),
      ('mail_attempts', 'state handed_at code status ended_at', 'ended_at'),
      ('sealing_keys', 'version master_key_id wrapped_key wrapped_at', null),
      ('members', 'display_name roles active email', null),
      ('accounts', 'balance_credits ledger_seq day held_nano_usd spent_nano_usd', null),
      ('chain_heads', 'seq entry_hash at', null)) as frozen (name, free, until)
  loop
    execute format('drop trigger if exists freeze_but on core.%I', t);
    execute format('drop trigger if exists refuse_truncate on core.%I', t);
    execute format('create trigger freeze_but before update or delete on core.%I for each row execute function core.freeze_but(%s)', t,
      concat_ws(', ', quote_literal(free), quote_literal(until)));
    execute format('create trigger refuse_truncate before truncate on core.%I for each statement execute function core.refuse_change()', t);
    execute format('alter table core.%I enable always trigger freeze_but', t);
    execute format('alter table core.%I enable always trigger refuse_truncate', t);
  end loop;

  -- What a document says leaves with it.
  for t, free in
    select * from (values ('document_contents', 'document_id'), ('passages', 'document_id'), ('embeddings', 'source_id')) as leaving (name, document)
  loop
    execute format('drop trigger if exists leave_with_document on core.%I', t);
    execute format('drop trigger if exists refuse_truncate on core.%I', t);
    execute format('create trigger leave_with_document before update or delete on core.%I for each row execute function core.leave_with_document(%L)', t, free);
    execute format('create trigger refuse_truncate before truncate on core.%I for each statement execute function core.refuse_change()', t);
    execute format('alter table core.%I enable always trigger leave_with_document', t);
    execute format('alter table core.%I enable always trigger refuse_truncate', t);
  end loop;

  drop trigger if exists rewrap_only on core.data_keys;
  create trigger rewrap_only before update or delete on core.data_keys for each row execute function core.rewrap_only();
  alter table core.data_keys enable always trigger rewrap_only;
  drop trigger if exists refuse_truncate on core.data_keys;
  create trigger refuse_truncate before truncate on core.data_keys for each statement execute function core.refuse_change();
  alter table core.data_keys enable always trigger refuse_truncate;

  drop trigger if exists freeze_finished on core.ai_runs;
  create trigger freeze_finished before update or delete on core.ai_runs for each row execute function core.freeze_finished_call();
  alter table core.ai_runs enable always trigger freeze_finished;
  drop trigger if exists refuse_truncate on core.ai_runs;
  create trigger refuse_truncate before truncate on core.ai_runs for each statement execute function core.refuse_change();
  alter table core.ai_runs enable always trigger refuse_truncate;

  -- Events follow from rows.
  foreach t in array array['decisions', 'credit_ledger', 'gate_outcomes', 'ai_policy_controls', 'ai_vendor_baa_matrix', 'ai_prices', 'tenants',
      'source_receipts', 'purposes', 'subject_members', 'act_samples', 'act_reviews'] loop
    execute format('drop trigger if exists event_of_row on core.%I', t);
    execute format('create trigger event_of_row after insert on core.%I for each row execute function core.event_of_row()', t);
    execute format('alter table core.%I enable always trigger event_of_row', t);
  end loop;
  foreach t in array array['runs', 'members', 'api_keys', 'worker_trust_records', 'record_types'] loop
    execute format('drop trigger if exists event_of_row on core.%I', t);
    execute format('create trigger event_of_row after insert or update on core.%I for each row execute function core.event_of_row()', t);
    execute format('alter table core.%I enable always trigger event_of_row', t);
  end loop;

  -- What is known follows from rows.
  for t, free in
    select * from (values ('members', 'insert or update of display_name, email'), ('runs', 'insert'), ('subject_members', 'insert'),
      ('worker_trust_records', 'insert'), ('source_receipts', 'insert')) as told (name, act)
  loop
    execute format('drop trigger if exists known_of_row on core.%I', t);
    execute format('create trigger known_of_row after %s on core.%I for each row %s execute function core.known_of_row()', free, t,
      case t when 'runs' then 'when (new.subject_id is not null)' else '' end);
    execute format('alter table core.%I enable always trigger known_of_row', t);
  end loop;

  -- A row of the outbox is work where somebody wants to be told; elsewhere nothing is queued.
  drop trigger if exists tell on core.outbox;
  create trigger tell after insert on core.outbox for each row when (core.is_told()) execute function core.tell();
  alter table core.outbox enable always trigger tell;

  drop trigger if exists note_claim on core.gates;
  create trigger note_claim after update of claimed_by on core.gates for each row
    when (new.claimed_by is not null and new.claimed_by is distinct from old.claimed_by) execute function core.note_claim();
  alter table core.gates enable always trigger note_claim;

  drop trigger if exists seal on core.audit_pending;
  create constraint trigger seal after insert on core.audit_pending deferrable initially deferred for each row execute function core.seal();
  alter table core.audit_pending enable always trigger seal;

  drop trigger if exists check_draft_confirmed on core.assistant_drafts;
  create constraint trigger check_draft_confirmed after insert or update on core.assistant_drafts
    deferrable initially deferred for each row execute function core.check_draft_confirmed();
  alter table core.assistant_drafts enable always trigger check_draft_confirmed;

  drop trigger if exists check_outcome_earned on core.gate_outcomes;
  create trigger check_outcome_earned after insert on core.gate_outcomes for each row execute function core.check_outcome_earned();
  alter table core.gate_outcomes enable always trigger check_outcome_earned;

  foreach t in array array['gate_record_types', 'records'] loop
    execute format('drop trigger if exists check_record_type on core.%I', t);
    execute format('create trigger check_record_type after insert on core.%I for each row execute function core.check_record_type()', t);
    execute format('alter table core.%I enable always trigger check_record_type', t);
  end loop;

  drop trigger if exists check_leg on core.credit_ledger;
  create trigger check_leg after insert on core.credit_ledger for each row execute function core.check_leg();
  alter table core.credit_ledger enable always trigger check_leg;

  drop trigger if exists check_balance on core.accounts;
  create constraint trigger check_balance after insert or update of balance_credits, ledger_seq on core.accounts
    deferrable initially deferred for each row execute function core.check_balance();
  alter table core.accounts enable always trigger check_balance;

  drop trigger if exists check_trust on core.worker_trust_records;
  create trigger check_trust before insert or update on core.worker_trust_records for each row execute function core.check_trust();
  alter table core.worker_trust_records enable always trigger check_trust;
end
$$;
