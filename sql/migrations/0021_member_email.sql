-- Where a member is written to. Whoever tells people of their work needs it, no model may read it in free text, and two members
-- of a tenant never share one, however it is capitalised.
alter table core.members
  add column email text check (length(email) between 3 and 254 and email ~ '^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$');
create unique index members_by_email on core.members (tenant_id, lower(email)) where email is not null;
