import type { MailSending } from '../activities/notify/attempt-mail';
import { createSendMail } from '../activities/notify/mail-server';
import { setting } from '../environment/setting';

/**
 * How mail is sent: `COUNTERSIGN_SMTP_URL` and `COUNTERSIGN_MAIL_FROM`, with links to pages under `COUNTERSIGN_LINKS_URL`.
 * Undefined, and nobody is written to, when no server is set.
 *
 * @throws Error when one of them can't be meant, or the sender is missing
 */
export function mailFromSettings(): MailSending | undefined {
  const url = setting('COUNTERSIGN_SMTP_URL');
  if (url === undefined) return undefined;
  const from = setting('COUNTERSIGN_MAIL_FROM');
  if (from === undefined) throw new Error('Set COUNTERSIGN_MAIL_FROM: whom mails come from.');
  const linksUrl = setting('COUNTERSIGN_LINKS_URL');
  if (linksUrl !== undefined && !/^https?:\/\/[^\s]+$/.test(linksUrl))
    throw new Error('COUNTERSIGN_LINKS_URL must be an address of http or https.');
  return { send: createSendMail(url, from), linksUrl };
}
