import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ErrorCode } from '../../contract/errors';
import { isLocalHost } from '../../contract/policy/web-address';

export interface MailToSend {
  /** Of the mail, the same at each attempt: its Message-ID is made of it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /**
   * Called when the server has everything but the end. False: somebody else has taken over, so the end is not sent, and the
   * server takes nothing.
   */
  readonly hand: () => Promise<boolean>;
}

/** What became of one mail. A status is the server's own word that it has not taken it. */
export interface MailAnswer {
  /** Null: taken. */
  readonly code: ErrorCode | null;
  readonly status: number | null;
}

/** Sends one mail. It never throws: whatever happens is an answer. */
export type SendMail = (mail: MailToSend) => Promise<MailAnswer>;

/** What a server has to take, and nothing that could mean more than one address. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const TIMEOUT_MS = 15_000;

class TakenOver extends Error {}

/**
 * Sends by one SMTP server, a connection for each mail.
 * @param url `smtp://user:password@host:port`, or `smtps:` for TLS from the first byte; STARTTLS is asked for but on loopback
 * @throws Error when the URL or the sender's address can't be meant
 */
export function createSendMail(url: string, from: string): SendMail {
  if (!ADDRESS.test(from)) throw new Error('COUNTERSIGN_MAIL_FROM must be one e-mail address.');
  if (!URL.canParse(url)) throw new Error('COUNTERSIGN_SMTP_URL must be smtp:// or smtps://.');
  const { protocol, hostname, port, username, password } = new URL(url);
  if (!['smtp:', 'smtps:'].includes(protocol) || hostname === '')
    throw new Error('COUNTERSIGN_SMTP_URL must be smtp:// or smtps://.');
  const isHere = isLocalHost(hostname);
  const options: SMTPConnection.Options = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    secure: protocol === 'smtps:',
    ...(isHere ? { ignoreTLS: protocol === 'smtp:' } : { requireTLS: protocol === 'smtp:' }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  };
  const login =
    username === '' ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return async (mail) => {
    if (!ADDRESS.test(mail.to)) return { code: 'mail_refused', status: null };
    const message = await composed(mail, from);
    const connection = new SMTPConnection(options);
    try {
      await converse(connection, login, { from, to: mail.to, message, hand: mail.hand });
      return { code: null, status: null };
    } catch (error) {
      return answerOf(error);
    } finally {
      connection.close();
    }
  };
}

/** The bytes of a mail. What is in them are texts of ours; the composer encodes each header, so that none can begin another. */
async function composed({ id, to, subject, text }: MailToSend, from: string): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return await new MailComposer({
    from: { name: 'Countersign', address: from },
    to: { name: '', address: to },
    subject,
    text,
    messageId: `<${id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

interface Conversation {
  readonly from: string;
  readonly to: string;
  readonly message: Buffer;
  readonly hand: () => Promise<boolean>;
}

async function converse(
  connection: SMTPConnection,
  login: { readonly user: string; readonly pass: string } | undefined,
  { from, to, message, hand }: Conversation,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: unknown): void => reject(error instanceof Error ? error : new Error('failed'));
    connection.once('error', failed);
    connection.once('end', () => failed(new Error('ended')));
    const send = (): void => {
      const content = Readable.from(untilHanded(message, hand), { objectMode: false });
      content.once('error', failed);
      connection.send({ from, to: [to] }, content, (error) => {
        if (error) failed(error);
        else resolve();
      });
    };
    connection.connect(() => {
      if (login === undefined) send();
      else
        connection.login({ credentials: login }, (error) => {
          if (error) failed(error);
          else send();
        });
    });
  });
  // Said out of courtesy: the mail is taken, whatever becomes of the connection now.
  connection.quit();
}

/** The mail, and only then its end: whoever is killed before has sent nothing that a server may take. */
async function* untilHanded(message: Buffer, hand: () => Promise<boolean>): AsyncGenerator<Buffer> {
  yield message;
  if (!(await hand())) throw new TakenOver('taken over');
}

/** Only what is said of this recipient, or of the mail itself, is final: a refused login says nothing of it. */
function answerOf(error: unknown): MailAnswer {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown };
  // Anything below is what the server had said before it broke off.
  if (typeof responseCode !== 'number' || responseCode < 400)
    return { code: 'mail_unreachable', status: null };
  const isFinal = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
  return { code: isFinal ? 'mail_refused' : 'mail_deferred', status: responseCode };
}
