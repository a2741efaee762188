-- RFC 3339 in UTC with microseconds.
create or replace function app.utc(p_at timestamptz) returns text
  language sql immutable strict parallel safe
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
