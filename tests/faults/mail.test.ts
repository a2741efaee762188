import { setTimeout as sleep } from 'node:timers/promises';
import { startMailbox } from '../support/mailbox';
import { sweepNotices } from '../support/webhooks';
import { faultyRuns } from './support/faulty-runs';

/*
 * SIGKILL of the worker once a mail server has a whole mail and before it has said so: SMTP can't be asked whether it took it,
 * so it is not sent a second time, and operations hear of it.
 */

const { governed, startWorker, accept, startRun, gateOf } = faultyRuns();

it('a mail that was handed over when its worker was killed is not sent twice', async () => {
  const { database } = governed;
  const { owner, id: tenantId } = governed.world.farm;
  const mailbox = await startMailbox();
  const environment = { COUNTERSIGN_SMTP_URL: mailbox.url, COUNTERSIGN_MAIL_FROM: 'countersign@example.com' };
  try {
    const first = await startWorker({ environment });
    const roles = ['admin', 'reviewer', 'requester'];
    await database.asOwner(tenantId, (transaction) =>
      transaction.value('select app.set_member($1, $2, $3, $4, true, null, $5)', [
        owner.userId,
        'Owner',
        'person',
        roles,
        'owner@example.com',
      ]),
    );
    mailbox.onLetter = () => {
      void first.kill();
      return 'silence';
    };
    const runId = await accept();
    await startRun(runId);
    await gateOf(runId);
    await sweepNotices(governed);
    await first.gone;
    mailbox.onLetter = undefined;

    await startWorker({ environment });
    const mails = () =>
      database.look<{ state: string; code: string | null }>(
        'select state, code from core.mails where tenant_id = $1',
        [tenantId],
      );
    const until = performance.now() + 60_000;
    while ((await mails())[0]?.state !== 'unsure') {
      if (performance.now() > until) throw new Error(`still ${JSON.stringify(await mails())}`);
      await sleep(100);
    }
    expect(await mails()).toEqual([{ state: 'unsure', code: 'mail_unsure' }]);
    expect(mailbox.letters).toHaveLength(1);
    expect(await database.look('select code from core.pages where tenant_id = $1', [tenantId])).toEqual([
      { code: 'mail_unsure' },
    ]);
  } finally {
    await mailbox.stop();
  }
}, 120_000);
