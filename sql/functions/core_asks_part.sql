-- Whether a part of a reason is asked of a verdict with this disposition; one that names none is asked of every verdict.
create or replace function core.asks_part(p_part jsonb, p_disposition text) returns boolean
  language sql immutable
  return not p_part ? 'dispositions' or coalesce(p_part -> 'dispositions' ? p_disposition, false);
