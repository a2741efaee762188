-- Lets a member decide in another's place for a while: with roles that the other has, at gates and nowhere else. By that other
-- member, or by an admin who is neither of the two. What is delegated can't be passed on: whoever decides in somebody's place
-- does it with that person's own roles. Answers {outcome: created, id} or {outcome: refused, code}.
create or replace function app.create_delegation(p_delegator_user_id uuid, p_delegate_user_id uuid, p_roles text[], p_from timestamptz,
    p_until timestamptz, p_reason text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  longest constant interval := '366 days';
  actor core.members;
  delegator core.members;
  delegate core.members;
  asked_at timestamptz;
  from_at timestamptz;
  given text[];
  reason core.contents;
  new_id uuid := app.new_id();
begin
  actor := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Both stay as they are until this commits.
  perform from core.members where tenant_id = app.tenant() and user_id in (p_delegator_user_id, p_delegate_user_id) order by user_id for share;
  asked_at := app.now();
  from_at := greatest(coalesce(p_from, asked_at), asked_at);
  select * into delegator from core.members where tenant_id = app.tenant() and user_id = p_delegator_user_id and active and kind = 'person';
  select * into delegate from core.members where tenant_id = app.tenant() and user_id = p_delegate_user_id and active and kind = 'person';
  given := coalesce(p_roles, array(select unnest(delegator.roles) intersect select unnest(array['reviewer', 'senior', 'admin']) order by 1));
  if p_actor_user_id <> p_delegator_user_id and not 'admin' = any (actor.roles) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_allowed');
  elsif delegator.user_id is null or delegate.user_id is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'member_not_found');
  elsif actor.kind <> 'person' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  -- Nobody takes another's place by their own word, nor gives it to themselves.
  elsif p_delegate_user_id in (p_delegator_user_id, p_actor_user_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_to_yourself');
  elsif cardinality(given) = 0 or not given <@ delegator.roles or not given <@ array['reviewer', 'senior', 'admin'] then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_of_role');
  -- Who decides sees what is decided about, which other roles do not.
  elsif not delegate.roles && array['reviewer', 'senior', 'admin'] then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegate_unfit');
  elsif p_until is null or p_until <= from_at or p_until > from_at + longest then
    return jsonb_build_object('outcome', 'refused', 'code', 'period_invalid');
  elsif not coalesce(core.has_letter_or_digit(p_reason), false) then
    return jsonb_build_object('outcome', 'refused', 'code', 'rationale_empty');
  end if;
  reason := core.put_content(null, 'reason', p_reason);
  insert into core.delegations (tenant_id, id, delegator_user_id, delegate_user_id, roles, from_at, until_at, reason_content_id, created_by, created_at)
  values (app.tenant(), new_id, p_delegator_user_id, p_delegate_user_id, given, from_at, p_until, reason.id, p_actor_user_id, asked_at);
  perform core.emit('delegation.created', core.actor_kind(), p_actor_user_id, null, jsonb_build_object(
    'delegation_id', new_id, 'delegator_user_id', p_delegator_user_id, 'delegate_user_id', p_delegate_user_id, 'roles', to_jsonb(given),
    'from_at', app.utc(from_at), 'until_at', app.utc(p_until), 'reason_hash', encode(reason.commitment, 'hex')));
  return jsonb_build_object('outcome', 'created', 'id', new_id);
end
$$;
