import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/create';
import { createVault, type Vault } from '../../activities/scrubber/vault';
import { rewrapDataKeys } from '../../worker/rewrap';
import { runCli, type CliResult } from '../cli/support/run-cli';
import { governedRuns } from '../support/governed';

/* A new master key, while runs are on their way: what an earlier one wraps is wrapped anew, and nobody notices. */

const governed = governedRuns({ worker: false });
const { database } = governed;

const [FIRST, SECOND, THIRD, FOURTH] = [1, 2, 3, 4].map(() => randomBytes(32)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const NOTE = { occurred_at: '2025-11-10T17:40:00+01:00' };

async function rewrap(vault: Vault, piece?: number) {
  return await rewrapDataKeys(database.open('worker'), vault, piece);
}

async function rewrapByCommand(current: Buffer, earlier: readonly Buffer[]): Promise<CliResult> {
  return await runCli(['vault', 'rewrap', '--json', '--home', tmpdir()], {
    DATABASE_URL_WORKER: database.url('worker'),
    COUNTERSIGN_MASTER_KEY: current.toString('base64'),
    COUNTERSIGN_MASTER_KEYS_EARLIER: earlier.map((key) => key.toString('base64')).join(','),
  });
}

async function masterKeysOf(runIds: readonly string[]): Promise<string[]> {
  const rows = await database.look<{ master_key_id: string }>(
    'select distinct master_key_id from core.data_keys where run_id = any ($1::uuid[])',
    [runIds],
  );
  return rows.map(({ master_key_id: id }) => id);
}

/** A run whose prompt is stored, with one value in the vault. */
async function sealedRun(vault: Vault, value = 'Emeka Okafor'): Promise<string> {
  const { hand, id: tenantId } = governed.world.farm;
  const runId = await governed.accept(hand, 'farm.record', { ...NOTE, note: 'All quiet.' });
  const { dataKey, values } = await vault.seal({ tenantId, runId }, [{ kind: 'person', value }]);
  const scrubbed = {
    prompt: 'p',
    primary_call_key: createHash('sha256').update(runId).digest('hex'),
    advisor_call_key: null,
    tokens: values.map((sealed) => ({
      token: `<person_token_${runId.replaceAll('-', '')}>`,
      kind: 'person',
      sealed_value: sealed.toString('hex'),
    })),
    data_key: { master_key_id: dataKey.keyId, wrapped_key: dataKey.bytes.toString('hex') },
  };
  await database.as('worker', tenantId, async (transaction) => {
    await transaction.value('select app.reserve($1)', [runId]);
    await transaction.value('select app.store_prompt($1, $2)', [runId, JSON.stringify(scrubbed)]);
  });
  return runId;
}

/** The value of such a run, as the draft step opens it. */
async function opened(vault: Vault, runId: string): Promise<readonly string[]> {
  const [row] = await database.look<{ key: string; bytes: Buffer; kind: string; sealed: Buffer }>(
    `select k.master_key_id as key, k.wrapped_key as bytes, s.kind, s.sealed_value as sealed
     from core.scrub_tokens s join core.data_keys k on k.run_id = s.run_id where s.run_id = $1`,
    [runId],
  );
  if (row === undefined) throw new Error('no such value');
  return await vault.open({ tenantId: governed.world.farm.id, runId }, { keyId: row.key, bytes: row.bytes }, [
    { kind: row.kind, sealed: row.sealed },
  ]);
}

test('runs that wait at a gate, and one that is about to open its own, go on under the new key alone', async () => {
  const { farm } = governed.world;
  let isHolding = false;
  let reached: () => void = () => undefined;
  const isHeld = new Promise<void>((resolve) => (reached = resolve));
  const hold = ({ draft, ...others }: Activities): Activities => ({
    ...others,
    draft: async (argument) => {
      if (!isHolding) return await draft(argument);
      reached();
      throw ApplicationFailure.create({ type: 'unavailable', message: 'held', nonRetryable: false });
    },
  });
  const before = await governed.startWorker({ vault: createVault(FIRST), wrap: hold });
  const sold = (to: string): object => ({ ...NOTE, note: `Sold 30 crates of eggs to ${to} for ₦45,000.` });
  const waiting = await governed.start(farm.hand, 'farm.record', sold('Emeka Okafor'));
  expect((await governed.settled(farm.id, waiting)).state).toBe('waiting');
  isHolding = true;
  const held = await governed.start(farm.hand, 'farm.record', sold('Ngozi Adebayo'));
  await isHeld;
  await before.stop();

  const done = await rewrapByCommand(SECOND, [FIRST]);
  expect([done.status, done.err]).toEqual([0, '']);
  const { currentKeyId } = createVault(SECOND);
  expect(done.json()).toMatchObject({ master_key_id: currentKeyId, data_keys: 2, unopened: 0 });
  expect(await masterKeysOf([waiting, held])).toEqual([currentKeyId]);

  await governed.startWorker({ vault: createVault(SECOND) });
  expect((await governed.settled(farm.id, held)).state).toBe('waiting');
  for (const [runId, name] of [
    [waiting, 'Emeka Okafor'],
    [held, 'Ngozi Adebayo'],
  ] as const) {
    const [gate] = await governed.gates(farm.id, runId);
    if (gate === undefined) throw new Error('no gate');
    expect(gate.manual).toBe(false);
    const [shown] = await database.look<{ payload: string }>(
      `select convert_from(c.bytes, 'UTF8') as payload from core.proposals p
       join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id where p.run_id = $1`,
      [runId],
    );
    expect(`${shown?.payload} ${JSON.stringify(gate.question)}`).toContain(name);
    expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'applied' });
    expect(await governed.settled(farm.id, runId, ['closed'])).toMatchObject({ outcome: 'approved' });
  }
}, 90_000);

test('killed half-way and called again, each key is wrapped once', async () => {
  await rewrap(createVault(THIRD, [SECOND]));
  const old = createVault(THIRD);
  const runIds: string[] = [];
  for (let number = 0; number < 5; number += 1) runIds.push(await sealedRun(old));
  const vault = createVault(FOURTH, [THIRD]);
  let wrapped = 0;
  const killed = {
    ...vault,
    // The process is gone in the middle of the third piece (two keys are of the test before): nothing of it comes back.
    rewrap: async (...given: Parameters<Vault['rewrap']>) =>
      (wrapped += 1) > 5 ? await new Promise<never>(() => undefined) : await vault.rewrap(...given),
  };
  void rewrap(killed, 2);
  const versions = async (): Promise<number[]> => {
    const rows = await database.look<{ version: number }>(
      'select version from core.data_keys where run_id = any ($1::uuid[]) order by version',
      [runIds],
    );
    return rows.map(({ version }) => version);
  };
  while (wrapped < 6) await new Promise((resolve) => setTimeout(resolve, 10));
  const stopped = await versions();
  expect(stopped).toContain(1);
  expect(stopped).toContain(2);
  // Meanwhile both keys are needed, and both are there.
  for (const runId of runIds) expect(await opened(vault, runId)).toEqual(['Emeka Okafor']);

  await rewrap(vault, 2);
  expect(await versions()).toEqual([2, 2, 2, 2, 2]);
  expect(await rewrap(vault, 2)).toMatchObject({ dataKeys: 0, unopened: 0 });
  for (const runId of runIds) {
    expect(await opened(createVault(FOURTH), runId)).toEqual(['Emeka Okafor']);
    await expect(opened(createVault(THIRD), runId)).rejects.toThrow('no master key of this id');
  }
});

test('a key that does not open stays as it is, is counted, and holds up no other', async () => {
  const mine = createVault(FOURTH);
  const lost = await sealedRun(createVault(randomBytes(32)));
  const changed = await sealedRun(mine, 'Ngozi Adebayo');
  const good = await sealedRun(mine, 'Ada Zwicky');
  // One byte, past every rule of the table.
  await database.look('alter table core.data_keys disable trigger user');
  await database.look(
    'update core.data_keys set wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1) where run_id = $1',
    [changed],
  );
  await database.look('alter table core.data_keys enable always trigger rewrap_only');
  const fifth = randomBytes(32);
  const done = await rewrapByCommand(fifth, [FOURTH]);
  expect(done.status).not.toBe(0);
  expect(done.json()).toMatchObject({ unopened: 2, master_key_id: createVault(fifth).currentKeyId });
  expect(await opened(createVault(fifth), good)).toEqual(['Ada Zwicky']);
  await expect(opened(createVault(fifth, [FOURTH]), changed)).rejects.toThrow();
  await expect(opened(createVault(fifth, [FOURTH]), lost)).rejects.toThrow('no master key of this id');
});

test('with the wrong earlier key nothing is wrapped', async () => {
  const runId = await sealedRun(createVault(FIRST));
  const done = await rewrapByCommand(SECOND, [THIRD]);
  expect(done.status).not.toBe(0);
  expect(done.json()).toMatchObject({ data_keys: 0 });
  expect(await opened(createVault(FIRST), runId)).toEqual(['Emeka Okafor']);
});
