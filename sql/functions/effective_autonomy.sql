-- Who writes: min(floor(class), tier is suggest ? suggest : override ?? (tier is auto and the type is listed ? auto : draft)).
-- The floor of every protected class, and of everything while it is paused, is draft; suggest is absolute. The same table as
-- contract/policy/autonomy.ts.
drop function if exists app.effective_autonomy(text, text, boolean, text);
create or replace function app.effective_autonomy(p_tier text, p_class text, p_listed boolean, p_override text, p_paused boolean) returns text
  language sql immutable parallel safe
  return case
    when p_tier = 'suggest' then 'suggest'
    when coalesce(p_override, case when p_tier = 'auto' and p_listed then 'auto' else 'draft' end) = 'suggest' then 'suggest'
    when coalesce(p_override, case when p_tier = 'auto' and p_listed then 'auto' else 'draft' end) = 'auto' and p_class = 'routine' and not p_paused
      then 'auto'
    else 'draft'
  end;
