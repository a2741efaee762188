import type { Database } from '../../db/pool';
import { callInTenant } from '../../db/transaction';
import type { SendMail } from './mail-server';
import { mailText, type MailNotice } from './mail-text';
import { answerOf, withHeartbeats, type DeliveryAnswer, type Stored } from './attempt-delivery';

export interface MailToAttempt {
  readonly tenantId: string;
  readonly mailId: string;
}

/** How mail is sent, where an installation has a server for it. */
export interface MailSending {
  readonly send: SendMail;
  /** Where pages are that mails link to. */
  readonly linksUrl: string | undefined;
}

interface ToSend {
  readonly outcome: 'send';
  readonly attempt: number;
  readonly to: string;
  readonly time_zone: string;
  readonly notices: readonly MailNotice[];
}

/** A mail waits so long where there is no server any more. */
const WITHOUT_SERVER_MS = 3_600_000;

/**
 * One attempt at a mail: begun as a row, noted before the server gets its end, and ended. SMTP can't be asked what it has taken,
 * so a mail that was handed over when the worker was killed, or the connection broke, is not sent again.
 */
export function createAttemptMail(database: Database, mail: MailSending | undefined) {
  return async ({ tenantId, mailId }: MailToAttempt): Promise<DeliveryAnswer> => {
    if (mail === undefined) return { outcome: 'wait', pauseMs: WITHOUT_SERVER_MS };
    const begun = await callInTenant<ToSend | Stored>(database, tenantId, 'select app.begin_mail($1)', [
      mailId,
    ]);
    if (begun.outcome !== 'send') return answerOf(begun);
    const { attempt, to, notices, time_zone: timeZone } = begun;
    const { code, status } = await withHeartbeats(() =>
      mail.send({
        id: mailId,
        to,
        ...mailText(notices, timeZone, mail.linksUrl),
        hand: () =>
          callInTenant<boolean>(database, tenantId, 'select app.hand_mail($1, $2)', [mailId, attempt]),
      }),
    );
    return answerOf(
      await callInTenant<Stored>(database, tenantId, 'select app.finish_mail($1, $2, $3, $4)', [
        mailId,
        attempt,
        code,
        status,
      ]),
    );
  };
}
