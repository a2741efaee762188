-- How often reviewers agreed with models, of the gates that closed from p_from on and before p_until: exactly, from decisions
-- and outcomes, by purpose, model and band of confidence. p_floors: where each band begins, from 0 on; it ends where the next
-- begins. Null takes all purposes, vendors or models.
create or replace function app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamptz, p_until timestamptz)
  returns table (purpose text, vendor text, model text, floor_permille integer, agreed bigint, edited bigint, rejected bigint)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select g.purpose, g.vendor, g.model, p_floors[width_bucket(g.confidence_permille, p_floors)] as floor_permille,
    count(*) filter (where g.review = 'agreed'), count(*) filter (where g.review = 'edited'), count(*) filter (where g.review = 'rejected')
  from core.reviewed_gates(coalesce(p_from, '-infinity'), coalesce(p_until, 'infinity')) g
  where (p_purpose is null or g.purpose = p_purpose) and (p_vendor is null or g.vendor = p_vendor) and (p_model is null or g.model = p_model)
  group by 1, 2, 3, 4 order by 1, 2, 3, 4
$$;
