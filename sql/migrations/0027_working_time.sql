-- Working time: when a tenant's people work, and gates whose instants move with it.

-- {"weekdays": [1, 2, 3, 4, 5], "from": "08:00", "to": "17:00", "holidays": ["2026-12-25"]}, in the tenant's time zone.
-- Null: gates count on the plain clock.
alter table core.ai_policy_controls
  add column working_calendar jsonb check (working_calendar is null or coalesce(
    jsonb_typeof(working_calendar) = 'object'
    and working_calendar - array['weekdays', 'from', 'to', 'holidays'] = '{}'
    and jsonb_typeof(working_calendar -> 'weekdays') = 'array'
    and jsonb_array_length(working_calendar -> 'weekdays') between 1 and 7
    and working_calendar -> 'weekdays' <@ '[1, 2, 3, 4, 5, 6, 7]'
    and working_calendar ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
    and working_calendar ->> 'to' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
    and working_calendar ->> 'from' collate "C" < working_calendar ->> 'to' collate "C"
    and jsonb_typeof(working_calendar -> 'holidays') = 'array'
    and jsonb_array_length(working_calendar -> 'holidays') <= 400
    and not jsonb_path_exists(working_calendar,
      'strict $.holidays[*] ? (@.type() != "string" || !(@ like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))', '{}', true), false));

alter table core.gates
  -- What the gate declared when it opened: {"reminderAfter": [...], "chain": [{"after", "role"}], "expiresAfter"}, so that a
  -- calendar which changes moves its instants, and a pack which changes does not. Null for gates of before.
  add column timing jsonb,
  -- The policy by whose calendar its instants were counted. Null for gates of before, counted on the plain clock.
  add column timed_by_policy_version integer;

-- An instant that another one has taken the place of. It stays, and does nothing any more.
alter table core.gate_instants
  add column superseded_at timestamptz,
  add check (fired_at is null or superseded_at is null);
