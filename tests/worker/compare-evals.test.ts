import { tmpdir } from 'node:os';
import { defineEval, type Eval, type Pack } from '../../contract/pack';
import { credentialingPack } from '../../packs/credentialing/pack';
import { farmPack } from '../../packs/farm/pack';
import { createRegistry } from '../../packs/registry';
import { compareEvals, type EvalComparison, type EvalQuery } from '../../worker/compare-evals';
import { runCli, type CliResult } from '../cli/support/run-cli';
import { governedRuns } from '../support/governed';

/* Runs that were judged by an eval of before, and what the eval of now would have said of them. */

/** As it was in its version 0: it let everything pass. */
const LENIENT = defineEval({
  name: 'farm.missing_fields',
  version: 0,
  evaluate: () => ({ verdict: 'pass', severity: 'flag', reason: 'holds' }),
});

/** The farm's pack with some evals of `farm.record` put in the place of those of the same name. */
function farmWith(...evals: readonly Eval[]): Pack {
  return {
    ...farmPack,
    purposes: farmPack.purposes.map((purpose) => ({
      ...purpose,
      evals: purpose.evals.map((one) => evals.find(({ name }) => name === one.name) ?? one),
    })),
  };
}

const governed = governedRuns({ packs: [farmWith(LENIENT), credentialingPack] });
const { database } = governed;
const note = (text: string) => ({ note: text, occurred_at: '2025-11-10T17:40:00+01:00' });
const QUERY: EvalQuery = { since: new Date(Date.now() - 3_600_000), idsMax: 10 };
let whole: string;
let open: string;
let quiet: string;
let privileging: string;

beforeAll(async () => {
  const { farm, hospital, registry } = governed.world;
  whole = await governed.start(farm.hand, 'farm.record', note('12 broilers died in House 3'));
  // A sale without its price: the field is left open.
  open = await governed.start(farm.hand, 'farm.record', note('Sold 30 crates of eggs'));
  quiet = await governed.start(farm.hand, 'farm.record', note('All quiet today.'));
  privileging = await governed.start(
    hospital.staff,
    'credentialing.privileging',
    registry.purpose('credentialing.privileging', 1).example,
  );
  for (const [tenantId, runId] of [
    [farm.id, whole],
    [farm.id, open],
    [farm.id, quiet],
    [hospital.id, privileging],
  ] as const)
    await governed.settled(tenantId, runId);
}, 120_000);

const compare = async (packs: readonly Pack[], query: Partial<EvalQuery> = {}, piece?: number) =>
  await compareEvals(database.open('worker'), createRegistry(packs), { ...QUERY, ...query }, piece);

const evalsByCommand = async (...args: readonly string[]): Promise<CliResult> =>
  await runCli(['evals', '--home', tmpdir(), ...args], { DATABASE_URL_WORKER: database.url('worker') });

const rowsStored = async () =>
  await database.look('select * from core.ai_evals order by tenant_id, run_id, ordinal, name, version');

test('the packs that judged the runs would say the same again', async () => {
  const compared = await compare([farmWith(LENIENT), credentialingPack]);
  expect(compared).toMatchObject({ tenants: 2, runs: 4, judged: 4, retired: [], unjudged: [] });
  expect(compared.evals.length).toBeGreaterThan(8);
  for (const one of compared.evals)
    expect(one).toMatchObject({ changed: 0, first_passing: 0, same: one.judged });
  // Nothing was proposed of a quiet day, so only the schema has something to say of it.
  expect(compared.evals.find(({ name }) => name === 'output_conforms')).toMatchObject({ judged: 4 });
  expect(compared.evals.find(({ name }) => name === 'farm.missing_fields')).toMatchObject({ judged: 2 });
});

test('a new version says which runs it would have flagged, in pieces as in one, and writes nothing of them', async () => {
  const before = await rowsStored();
  const compared = await compare([farmPack, credentialingPack]);
  expect(compared.evals.filter(({ changed }) => changed > 0)).toEqual([
    {
      name: 'farm.missing_fields',
      version: 1,
      stored_versions: [0],
      judged: 2,
      same: 1,
      first_passing: 0,
      newly_failing: 1,
      newly_passing: 0,
      severity_changed: 0,
      same_version_changed: 0,
      changed: 1,
      changed_runs: [{ tenant_id: governed.world.farm.id, run_id: open, changes: ['newly_failing'] }],
      changed_runs_left_off: 0,
    },
  ]);
  expect(await compare([farmPack, credentialingPack], {}, 1)).toEqual(compared);
  expect(await rowsStored()).toEqual(before);
});

test('one purpose, one eval and one tenant may be asked about', async () => {
  const packs = [farmPack, credentialingPack];
  const names = ({ evals }: EvalComparison) => [...new Set(evals.map(({ name }) => name.split('.')[0]))];
  expect(names(await compare(packs, { purpose: 'credentialing.privileging' }))).toEqual([
    'credentialing',
    'output_conforms',
  ]);
  expect(await compare(packs, { evalName: 'farm.missing_fields' })).toMatchObject({
    runs: 3,
    judged: 3,
    evals: [{ name: 'farm.missing_fields', judged: 2, changed: 1 }],
  });
  expect(await compare(packs, { evalName: 'output_conforms' })).toMatchObject({ evals: [{ judged: 4 }] });
  expect(await compare(packs, { tenantId: governed.world.hospital.id })).toMatchObject({
    tenants: 1,
    runs: 1,
  });
  expect(await compare(packs, { since: new Date(Date.now() + 60_000) })).toMatchObject({
    runs: 0,
    evals: [],
  });
  for (const wrong of [{ purpose: 'no.such' }, { evalName: 'no.such' }, { tenantId: 'no-such' }])
    await expect(compare(packs, wrong)).rejects.toThrow(/no such|No pack|No purpose|no tenant/u);
});

test('a version that changed without a new number is told apart', async () => {
  const strict = defineEval({
    ...LENIENT,
    evaluate: () => ({ verdict: 'fail', severity: 'block', reason: 'too strict' }),
  });
  const { evals } = await compare([farmWith(strict), credentialingPack], { idsMax: 1 });
  expect(evals.find(({ name }) => name === strict.name)).toMatchObject({
    newly_failing: 2,
    same_version_changed: 2,
    changed_runs: [{}],
    changed_runs_left_off: 1,
  });
});

test('what can’t be judged is told with why: a version that no pack declares, an eval that throws, one that is gone', async () => {
  const thrower = defineEval({
    ...LENIENT,
    evaluate: () => {
      throw new Error('12 broilers');
    },
  });
  const next = { ...farmPack, purposes: farmPack.purposes.map((one) => ({ ...one, version: 2 })) };
  const gone = {
    ...farmPack,
    purposes: farmPack.purposes.map((one) => ({
      ...one,
      evals: one.evals.filter(({ name }) => name !== LENIENT.name),
    })),
  };
  expect((await compare([next, credentialingPack], { purpose: 'farm.record' })).unjudged).toEqual([
    { code: 'purpose_not_declared', runs: 3, run_ids: [whole, open, quiet].sort(), run_ids_left_off: 0 },
  ]);
  const thrown = await compare([farmWith(thrower), credentialingPack]);
  expect(thrown.unjudged).toMatchObject([{ code: 'eval_failed', runs: 2 }]);
  expect(JSON.stringify(thrown)).not.toContain('broilers');
  const { retired, evals } = await compare([gone, credentialingPack]);
  expect(retired).toEqual([{ name: LENIENT.name, runs: 2 }]);
  expect(evals.some(({ name }) => name === LENIENT.name)).toBe(false);
});

describe('countersign evals', () => {
  test('prints what would have changed, and exits by it', async () => {
    const { status, out } = await evalsByCommand('--since', '1h');
    expect(out).toContain('4 of 4 runs');
    expect(out).toMatch(/farm\.missing_fields +0 +1 +2 +1 +0 +1 +0 +0\n/);
    expect(out).toContain(`${open}  ${governed.world.farm.id}  newly failing`);
    expect(status).toBe(7);
  });

  test('prints one document for programs, and exits 0 when nothing would have changed', async () => {
    const { status, json } = await evalsByCommand('--json', '--purpose', 'credentialing.privileging');
    expect(json()).toMatchObject({ runs: 1, judged: 1, unjudged: [] });
    expect(status).toBe(0);
  });

  test.each([
    ['--since', 'yesterday'],
    ['--eval', 'no.such'],
    ['--purpose', 'no.such'],
    ['--tenant', 'no-such'],
  ])('refuses %s %s', async (...args) => {
    expect((await evalsByCommand(...args)).status).toBe(2);
  });

  test('asks for a database', async () => {
    expect((await runCli(['evals', '--home', tmpdir()])).status).toBe(2);
  });
});

test('the reading is an event of each tenant, and nothing else is', async () => {
  const events = async () =>
    await database.look<{ tenant_id: string; type: string }>(
      'select tenant_id, type from core.audit_log order by tenant_id, seq',
    );
  const before = await events();
  await compare([farmPack, credentialingPack]);
  const after = await events();
  const added = after.filter(({ type }) => type === 'content.judged').length;
  expect(after.length - before.length).toBe(2);
  expect(added - before.filter(({ type }) => type === 'content.judged').length).toBe(2);
});
