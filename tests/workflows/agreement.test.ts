import { createBedrockProvider } from '../../activities/gateway/providers/bedrock';
import { createSweepAgreements } from '../../activities/sweep';
import { bedrockServer } from '../activities/gateway/support/bedrock-server';
import { governedRuns } from '../support/governed';
import { allowModel } from '../support/world';

/*
 * An agreement that ends at midnight, while runs that were allowed to call wait to try again. Their next attempt is refused;
 * since they held a credit by then, which comes back, they end as failed with the code of the refusal.
 */

const server = bedrockServer();
const governed = governedRuns({ worker: false });
const PURPOSE = 'credentialing.committee_response';

async function shiftClock(by: string): Promise<void> {
  await governed.database.asOwner(null, (transaction) =>
    transaction.rows('select app.shift_clock($1::interval)', [by]),
  );
}

async function pages(tenantId: string) {
  return await governed.database.look<{ cause: string; count: bigint; notices: bigint }>(
    `select cause, count, (select count(*) from core.outbox o where o.tenant_id = p.tenant_id and o.topic = 'ops.page') as notices
     from core.pages p where tenant_id = $1`,
    [tenantId],
  );
}

test('refuses the attempts of runs that waited; the page is sent once', async () => {
  const { world, database } = governed;
  const { hospital, platformAdmin } = world;
  const { example, model } = world.registry.purpose(PURPOSE, 1);
  await allowModel(database, platformAdmin, model);
  const midnight = new Date(Math.ceil((Date.now() + 60_000) / 86_400_000) * 86_400_000);
  const entry = {
    listed: true,
    baa_active: true,
    baa_expires_at: midnight.toISOString(),
    baa_sha256: 'ab'.repeat(32),
    zdr_active: true,
    retention_mode: 'none',
    leaves_perimeter: true,
    notes: 'Ends tonight.',
  };
  const key = [model.vendor, model.model, model.region];
  await database.as('api', '__platform__', (transaction) =>
    transaction.value('select app.set_vendor($1, $2, $3, $4, 1, $5)', [
      ...key,
      JSON.stringify(entry),
      platformAdmin.userId,
    ]),
  );
  const bedrock = createBedrockProvider({
    region: model.region,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    timeouts: { connectionMs: 500, requestMs: 5_000 },
  });
  server.answer(() => ({
    status: 503,
    body: { __type: 'ServiceUnavailableException' },
    headers: { 'retry-after': '3' },
  }));
  const worker = await governed.startWorker({ providers: { bedrock } });
  try {
    const questions = ['Which sanction searches does the file hold?', 'Of which dates are the searches?'];
    const runIds = await Promise.all(
      questions.map((question) => governed.start(hospital.staff, PURPOSE, { ...example, question })),
    );
    await server.received(2);
    await shiftClock(`${midnight.getTime() - Date.now() + 1_000} milliseconds`);

    for (const runId of runIds) {
      expect(await governed.handle(runId).result()).toEqual({
        outcome: 'failed',
        code: 'agreement_expired',
      });
      expect(await governed.run(hospital.id, runId)).toMatchObject({
        state: 'closed',
        outcome: 'failed',
        code: 'agreement_expired',
        actual_credits: 0n,
      });
    }
    // Nobody asked the vendor after midnight, and nothing is owed or held.
    const attempts = await database.look<{ state: string; cost: bigint }>(
      'select state, cost_nano_usd as cost from core.ai_run_attempts where tenant_id = $1 and held_nano_usd > 100000',
      [hospital.id],
    );
    expect(attempts.length).toBe(server.requests.length);
    expect(attempts.every(({ state, cost }) => state === 'unbilled' && cost === 0n)).toBe(true);
    const cause = `agreement_expired ${key.join(' ')}`;
    expect(await pages(hospital.id)).toEqual([{ cause, count: BigInt(runIds.length), notices: 1n }]);

    const sweep = createSweepAgreements({ database: database.open('worker') });
    expect([await sweep(), await sweep()]).toEqual([{ warned: 1 }, { warned: 0 }]);
    expect(await pages('__platform__')).toEqual([{ cause, count: 1n, notices: 1n }]);
  } finally {
    await shiftClock('0');
    await worker.stop();
    bedrock.close();
  }
}, 90_000);
