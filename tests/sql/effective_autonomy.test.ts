import { AUTONOMY_TIERS, effectiveAutonomy } from '../../contract/policy/autonomy';
import { RECORD_CLASSES } from '../../contract/states';
import { testDatabase } from '../support/database';

const database = testDatabase();

it('resolves every input as the contract does', async () => {
  const inputs = AUTONOMY_TIERS.flatMap((tier) =>
    RECORD_CLASSES.flatMap((recordClass) =>
      [true, false].flatMap((listed) =>
        [null, ...AUTONOMY_TIERS].map((override) => ({ tier, recordClass, listed, override })),
      ),
    ),
  );
  expect(inputs).toHaveLength(3 * 7 * 2 * 4);
  const answers = await database.look<{ tier: string }>(
    `select app.effective_autonomy(i ->> 'tier', i ->> 'recordClass', (i ->> 'listed')::boolean, i ->> 'override') as tier
     from jsonb_array_elements($1) with ordinality as e (i, place) order by place`,
    [JSON.stringify(inputs)],
  );
  expect(answers.map(({ tier }) => tier)).toEqual(inputs.map(effectiveAutonomy));
  const protectedAuto = inputs.filter(
    ({ recordClass }, at) => recordClass !== 'routine' && answers[at]?.tier === 'auto',
  );
  expect(protectedAuto).toEqual([]);
});
