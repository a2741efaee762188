import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { note, sqlRuns, type Answer, type DraftItem, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

/** A farm whose notes the system writes, and of which so many in a thousand are looked at. */
async function actingFarm(permille: number): Promise<Farm> {
  const farm = await runs.farm();
  await changePolicy(database, farm.owner, {
    autonomy_tier: 'auto',
    auto_categories: ['note'],
    auto_review_permille: permille,
  });
  return farm;
}

interface Act {
  readonly decisionId: string;
  readonly runId: string;
}

async function act(farm: Farm): Promise<Act> {
  const { runId } = await runs.drafted(farm.hand, [note()]);
  return { runId, decisionId: String((await runs.row('decisions', { run_id: runId })).id) };
}

async function review(
  by: Person,
  id: string,
  verdict: string,
  reason: string | null = 'Seen.',
): Promise<Answer> {
  return await runs.call('api', by.tenantId, 'review_act', id, verdict, null, reason, by.userId);
}

describe('what is drawn', () => {
  const ACTS = 200;
  const PER_RUN = 20;
  const PERMILLE = 250;

  it('is as many as the policy says, by a secret hash of what stood before anybody acted', async () => {
    const farm = await actingFarm(PERMILLE);
    for (let drawn = 0; drawn < ACTS; drawn += PER_RUN)
      await runs.drafted(
        farm.hand,
        Array.from({ length: PER_RUN }, (): DraftItem => note()),
      );
    const acts = await database.look<{
      id: string;
      drawn: number;
      sampled: number | null;
      rate: number | null;
    }>(
      `select d.id, s.drawn_permille as sampled, s.rate_permille as rate,
         (('x' || encode(substring(sha256(t.review_secret || uuid_send(d.run_id) || int4send(p.ordinal)) for 7), 'hex'))::bit(56)::bigint % 1000)::integer as drawn
       from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
         join core.tenant_secrets t on t.tenant_id = d.tenant_id
         left join core.act_samples s on s.tenant_id = d.tenant_id and s.decision_id = d.id
       where d.tenant_id = $1`,
      [farm.id],
    );
    expect(acts).toHaveLength(ACTS);
    for (const { drawn, sampled, rate } of acts) {
      expect(sampled).toBe(drawn < PERMILLE ? drawn : null);
      expect(rate).toBe(drawn < PERMILLE ? PERMILLE : null);
    }
    // Six standard deviations of a fair draw of a quarter.
    const drawn = acts.filter(({ sampled }) => sampled !== null).length;
    expect(Math.abs(drawn - ACTS / 4)).toBeLessThan(6 * Math.sqrt(ACTS * 0.25 * 0.75));
  }, 120_000);

  it('is drawn the same when the draft is tried again, and otherwise for another tenant', async () => {
    const farm = await actingFarm(500);
    const { runId, aiRunId } = await runs.answered(farm.hand);
    const draft = {
      advisory: 'available',
      ai_run_id: aiRunId,
      senior: false,
      items: Array.from({ length: 20 }, () => note()),
    };
    const drawn = async (): Promise<number[]> =>
      await database
        .as('worker', farm.id, async (transaction) => {
          await transaction.value('select app.record_draft($1, $2)', [runId, JSON.stringify(draft)]);
          const rows = await transaction.rows<{ body: string }>(
            `select string_agg(g.id::text, ' ') as body from app.gates g where g.run_id = $1`,
            [runId],
          );
          expect(rows).toHaveLength(1);
          throw new Error('tried, and taken back');
        })
        .catch(() => []);
    await drawn();
    await drawn();
    await runs.call('worker', farm.id, 'record_draft', runId, JSON.stringify(draft));
    const places = await database.look<{ ordinal: number }>(
      `select p.ordinal from core.act_samples s join core.decisions d on d.tenant_id = s.tenant_id and d.id = s.decision_id
         join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id where d.run_id = $1 order by 1`,
      [runId],
    );
    const expected = await database.look<{ ordinal: number }>(
      `select n as ordinal from core.tenant_secrets t, generate_series(0, 19) as n where t.tenant_id = $1
         and ('x' || encode(substring(sha256(t.review_secret || uuid_send($2) || int4send(n)) for 7), 'hex'))::bit(56)::bigint % 1000 < 500 order by 1`,
      [farm.id, runId],
    );
    expect(places).toEqual(expected);
    const secrets = await database.look<{ n: bigint }>(
      'select count(distinct review_secret) as n, count(*) as of from core.tenant_secrets',
    );
    expect(secrets).toEqual([{ n: secrets[0]?.n, of: secrets[0]?.n }]);
  });

  it('is nothing where the policy says so, and everything where it says that', async () => {
    const none = await actingFarm(0);
    await act(none);
    expect(await runs.count('act_samples', { tenant_id: none.id })).toBe(0);
    const all = await actingFarm(1000);
    const { runId, decisionId } = await act(all);
    expect(await runs.row('act_samples', { tenant_id: all.id })).toMatchObject({ decision_id: decisionId });
    expect(await runs.events(runId)).toContain('act.sampled');
  });

  it('keeps its rate and window when a policy leaves them out', async () => {
    const farm = await actingFarm(333);
    await changePolicy(database, farm.owner, { auto_review_permille: undefined, undo_window_hours: 5 });
    await changePolicy(database, farm.owner, { undo_window_hours: undefined });
    expect(await runs.row('ai_policy_controls', { tenant_id: farm.id, version: 4 })).toMatchObject({
      auto_review_permille: 333,
      undo_window_hours: 5,
    });
  });
});

describe('a review', () => {
  it('is one verdict with its reason and event, and the second reviewer is told of the first', async () => {
    const farm = await actingFarm(1000);
    const other = await addMember(database, farm.id, ['senior']);
    const reviewer = await addMember(database, farm.id, ['reviewer']);
    const { decisionId, runId } = await act(farm);
    expect(
      (await Promise.all([review(reviewer, decisionId, 'disagree'), review(farm.owner, decisionId, 'agree')]))
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['refused', 'reviewed']);
    const row = await runs.row('act_reviews', { decision_id: decisionId });
    expect(await review(reviewer, decisionId, 'agree')).toMatchObject({
      outcome: 'refused',
      code: 'review_closed',
      now: { verdict: row.verdict, actor_user_id: row.actor_user_id },
    });
    expect(await review(other, decisionId, 'agree')).toMatchObject({ code: 'review_closed' });
    expect((await runs.events(runId)).filter((type) => type === 'act.reviewed')).toHaveLength(1);
    expect(await runs.count('decisions', { run_id: runId })).toBe(1);
  });

  it('takes a person of the gate’s role and a reason either way', async () => {
    const farm = await actingFarm(1000);
    const reviewer = await addMember(database, farm.id, ['reviewer']);
    const senior = await addMember(database, farm.id, ['senior']);
    const service = await addMember(database, farm.id, ['reviewer'], 'service');
    const { decisionId } = await act(farm);
    expect(await review(senior, decisionId, 'agree')).toMatchObject({ code: 'role_missing' });
    expect(await review(service, decisionId, 'agree')).toMatchObject({ code: 'person_required' });
    expect(await review(reviewer, decisionId, 'agree', null)).toMatchObject({ code: 'rationale_required' });
    expect(await review(reviewer, decisionId, 'disagree', null)).toMatchObject({
      code: 'rationale_required',
    });
    expect(await review(reviewer, decisionId, 'disagree', '…')).toMatchObject({ code: 'rationale_empty' });
    expect(
      await runs.call('api', farm.id, 'review_act', decisionId, 'agree', 'nonsense', null, reviewer.userId),
    ).toMatchObject({ code: 'reason_code_unknown' });
    expect(await review(reviewer, decisionId, 'agree')).toEqual({ outcome: 'reviewed' });
  });

  it('is open to whoever set the policy: who was asked and who acted is told with it', async () => {
    const farm = await actingFarm(1000);
    const { decisionId } = await act(farm);
    expect(await review(farm.owner, decisionId, 'agree')).toEqual({ outcome: 'reviewed' });
    const [row] = await database.as('api', farm.id, (transaction) =>
      transaction.rows('select authority_user_id, reviewed_by, state from app.act_reviews'),
    );
    expect(row).toEqual({
      authority_user_id: farm.owner.userId,
      reviewed_by: farm.owner.userId,
      state: 'closed',
    });
  });

  it('is of what was drawn, and of this tenant, alone', async () => {
    const [farm, other] = [await actingFarm(0), await actingFarm(1000)];
    const [undrawn, theirs] = [await act(farm), await act(other)];
    expect(await review(farm.owner, undrawn.decisionId, 'agree')).toMatchObject({ code: 'review_not_found' });
    expect(await review(farm.owner, theirs.decisionId, 'agree')).toMatchObject({ code: 'review_not_found' });
  });
});
