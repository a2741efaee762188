-- Whether this transaction runs for the system itself: in the role of the worker, or of the owner, to whom the tables
-- belong. Neither the API's login nor a person's may take these roles, and a function with the owner's rights doesn't
-- change the role that was set.
create or replace function core.is_system() returns boolean
  language sql stable
  return current_setting('role') in ('countersign_owner', 'countersign_worker');
