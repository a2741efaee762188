import { randomUUID } from 'node:crypto';
import type { Role } from '../../contract/states';
import { testDatabase } from '../support/database';
import { addMember, addTenant } from '../support/world';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const POLICY = {
  autonomy_tier: 'draft',
  auto_categories: [] as string[],
  record_autonomy: {},
  require_human_review_for_phi_extraction: false,
  block_ai_committee_response_drafts: false,
  require_advisor_for_low_confidence: false,
  daily_token_budget_nano_usd: '1000',
  confidence_threshold_permille: null,
  paused: false,
  paused_purposes: [] as string[],
  paused_vendors: [] as string[],
  reason: 'A new season.',
};

type Changes = Readonly<Record<string, unknown>>;

it('saves the next version, whose words are content and whose rules are in the chain', async () => {
  const farm = await runs.farm();
  expect(await set(farm, {}, 1)).toEqual({ outcome: 'saved', version: 2 });
  const row = await runs.row('ai_policy_controls', { tenant_id: farm.id, version: 2 });
  const content = await runs.row('contents', { id: row.reason_content_id });
  expect(String(content.bytes)).toBe('A new season.');
  const event = await database.look<{ payload: string }>(
    "select payload from core.audit_log where tenant_id = $1 and type = 'policy.changed' order by seq desc limit 1",
    [farm.id],
  );
  expect(event[0]?.payload).not.toContain('season');
  expect(event[0]?.payload).toContain(Buffer.from(content.commitment as Buffer).toString('hex'));
});

it('saves one of two on the same version', async () => {
  const farm = await runs.farm();
  const answers = await Promise.all([set(farm, { paused: true }, 1), set(farm, {}, 1)]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'saved']);
  expect(answers.find(({ outcome }) => outcome === 'refused')).toEqual({
    outcome: 'refused',
    code: 'version_stale',
    version: 2,
  });
});

it.each<readonly [string, Changes]>([
  ['record_type_unknown', { auto_categories: ['unicorn'] }],
  ['record_type_unknown', { record_autonomy: { unicorn: 'draft' } }],
  ['auto_on_protected', { auto_categories: ['note', 'sale'] }],
  ['auto_on_protected', { record_autonomy: { mortality: 'auto' } }],
  ['purpose_unknown', { paused_purposes: ['Words that somebody wrote'] }],
  ['model_not_listed', { paused_vendors: ['Words that somebody wrote'] }],
  ['rationale_empty', { reason: ' … ' }],
])('refuses %s', async (code, changes) => {
  const farm = await runs.farm();
  expect(await set(farm, changes, 1)).toMatchObject({ outcome: 'refused', code });
  expect(await runs.count('ai_policy_controls', { tenant_id: farm.id })).toBe(1);
});

it.each([
  { record_autonomy: { note: 5 } },
  { record_autonomy: { note: 'perhaps' } },
  { record_autonomy: { note: null } },
  { autonomy_tier: 'all' },
])('refuses what is no tier: %j', async (changes) => {
  expect(await stateOf(set(await runs.farm(), changes, 1))).toBe('23514');
});

it.each([
  ['the tier', { autonomy_tier: 'auto' }],
  ['an exception', { autonomy_tier: 'draft', record_autonomy: { note: 'auto' } }],
])('lets a person alone set %s under which the system acts', async (_what, changes) => {
  const farm = await runs.farm();
  const robot = await addMember(database, farm.id, ['admin'], 'service');
  expect(await set({ ...farm, owner: robot }, changes, 1)).toMatchObject({
    code: 'person_required',
  });
  expect(await set(farm, changes, 1)).toMatchObject({ outcome: 'saved' });
});

async function set(farm: { id: string; owner: { userId: string } }, changes: Changes, version: number) {
  return await runs.call(
    'api',
    farm.id,
    'set_policy',
    JSON.stringify({ ...POLICY, ...changes }),
    version,
    farm.owner.userId,
  );
}

describe('what the people of the tenant can not satisfy is refused when it is saved', () => {
  async function hospital(roles: readonly (readonly Role[])[]) {
    const facts = { currency: 'USD', timeZone: 'America/New_York', places: [] };
    const id = await addTenant(database, runs.world.platformAdmin, 'hospital', facts, 0n);
    const owner = await addMember(database, id, ['admin']);
    for (const one of roles) await addMember(database, id, one);
    return { id, owner };
  }
  const REVIEWER = ['reviewer'] as const;
  const SENIOR = ['senior'] as const;

  it.each<[string, readonly (readonly Role[])[], Changes, boolean]>([
    ['one reviewer, and gates of two seats', [REVIEWER], {}, false],
    ['two reviewers', [REVIEWER, REVIEWER], {}, true],
    ['a reviewer and a senior', [REVIEWER, SENIOR], { require_advisor_for_low_confidence: true }, true],
    [
      'no senior for what stays uncertain',
      [REVIEWER, REVIEWER],
      { require_advisor_for_low_confidence: true },
      false,
    ],
    ['nobody, with advice alone', [], { autonomy_tier: 'suggest' }, true],
    [
      'nobody to review health data',
      [],
      { autonomy_tier: 'suggest', require_human_review_for_phi_extraction: true },
      false,
    ],
    ['nobody, while all is paused', [], { paused: true }, true],
  ])('%s', async (_who, roles, changes, isSaved) => {
    const answer = await set(await hospital(roles), changes, 1);
    expect(answer).toMatchObject(
      isSaved ? { outcome: 'saved' } : { outcome: 'refused', code: 'policy_unsatisfiable' },
    );
  });

  it('counts active people alone, and never services', async () => {
    const { id, owner } = await hospital([]);
    const member = async (kind: string, active: boolean) =>
      await runs.call(
        'api',
        id,
        'set_member',
        randomUUID(),
        'Somebody',
        kind,
        ['reviewer'],
        active,
        owner.userId,
      );
    await member('service', true);
    await member('person', false);
    await member('person', true);
    expect(await set({ id, owner }, {}, 1)).toMatchObject({ code: 'policy_unsatisfiable' });
    await member('person', true);
    expect(await set({ id, owner }, {}, 1)).toMatchObject({ outcome: 'saved' });
  });
});

it('opens a hospital with review on, committee drafts let, advisor on; a farm with none of them', async () => {
  const farm = await runs.farm();
  const first = async (tenantId: string) =>
    await runs.row('ai_policy_controls', { tenant_id: tenantId, version: 1 });
  const defaults = (isOn: boolean) => ({
    autonomy_tier: 'draft',
    require_human_review_for_phi_extraction: isOn,
    block_ai_committee_response_drafts: false,
    require_advisor_for_low_confidence: isOn,
    paused: false,
  });
  expect(await first(farm.id)).toMatchObject(defaults(false));
  expect(await first(runs.world.hospital.id)).toMatchObject(defaults(true));
});
