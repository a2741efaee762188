import { setTimeout as sleep } from 'node:timers/promises';
import { answering, startSink } from '../support/sink';
import { addWebhook, sweepNotices, verified } from '../support/webhooks';
import { faultyRuns } from './support/faulty-runs';

/*
 * SIGKILL of the worker after a webhook has received a message and before anybody knows: whoever listens gets it a second
 * time, under the same id and with the same bytes, which is what that id is for.
 */

const { governed, startWorker } = faultyRuns();

it('a message whose worker was killed before it knew is delivered again, as the same message', async () => {
  const { owner, id: tenantId } = governed.world.farm;
  const first = await startWorker();
  const sink = await startSink();
  try {
    const webhook = await addWebhook(governed.database, owner, sink.url, ['run.closed']);
    sink.answer = () => void first.kill();
    const { delivery_id: deliveryId } = await governed.database.as('api', tenantId, (transaction) =>
      transaction.value<{ delivery_id: string }>('select app.ping_webhook($1, $2)', [
        webhook.id,
        owner.userId,
      ]),
    );
    await sweepNotices(governed);
    await first.gone;
    expect(sink.received).toHaveLength(1);

    sink.answer = answering(204);
    await startWorker();
    const attempts = () =>
      governed.database.look<{ state: string; code: string | null }>(
        'select state, code from core.webhook_attempts where delivery_id = $1 order by attempt',
        [deliveryId],
      );
    const until = performance.now() + 60_000;
    while ((await attempts()).at(-1)?.state !== 'delivered') {
      if (performance.now() > until) throw new Error(`still ${JSON.stringify(await attempts())}`);
      await sleep(100);
    }
    expect(await attempts()).toEqual([
      { state: 'lost', code: 'delivery_lost' },
      { state: 'delivered', code: null },
    ]);
    const [once, again] = sink.received;
    if (once === undefined || again === undefined) throw new Error('it came once');
    expect(sink.received).toHaveLength(2);
    expect(again.body).toBe(once.body);
    expect(again.headers['webhook-id']).toBe(deliveryId);
    for (const one of [once, again]) {
      expect(one.headers['webhook-id']).toBe(deliveryId);
      expect(verified(webhook.secret, one)).toMatchObject({ type: 'webhook.ping' });
    }
  } finally {
    await sink.stop();
  }
}, 120_000);
