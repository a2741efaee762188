-- Who acts is proved to the database by a key, and who made a key stays with it.
insert into core.callers_errors (sqlstate, code) values ('ZC012', 'not_allowed');

-- The member who made the key; null for one that the system made. The first key of a tenant is made by a person of the
-- platform, who is no member of it, so this refers to no row.
alter table core.api_keys add column created_by uuid;
create index api_keys_by_maker on core.api_keys (tenant_id, created_by) where created_by is not null;
create index intents_by_key on core.intents (tenant_id, key_id);
create index intents_by_actor on core.intents (tenant_id, actor_user_id);

-- Content of a run belongs to a run that is there. Deferred: a run's input is written before the run that refers to it.
alter table core.contents add foreign key (tenant_id, run_id) references core.runs (tenant_id, id) deferrable initially deferred;
