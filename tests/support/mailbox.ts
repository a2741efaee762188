import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Letter {
  readonly to: readonly string[];
  readonly raw: string;
  readonly headers: ReadonlyMap<string, string>;
  /** The text, decoded from quoted-printable. */
  readonly text: string;
}

export interface Mailbox {
  readonly url: string;
  readonly letters: Letter[];
  /** How it treats a recipient, and a whole mail; undefined takes it. */
  onRecipient: ((address: string) => Error | undefined) | undefined;
  onLetter: ((letter: Letter) => Error | 'silence' | undefined) | undefined;
  stop(): Promise<void>;
}

/** An SMTP server's answer other than yes. */
export function smtpError(responseCode: number): Error {
  return Object.assign(new Error('not this one'), { responseCode });
}

/** A real SMTP server on loopback that keeps what it takes. */
export async function startMailbox(): Promise<Mailbox> {
  let url = '';
  const mailbox: Mailbox = {
    get url() {
      return url;
    },
    letters: [],
    onRecipient: undefined,
    onLetter: undefined,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 200,
    onRcptTo: ({ address }, _session, callback) => callback(mailbox.onRecipient?.(address) ?? null),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const letter = letterOf(
          session.envelope.rcptTo.map(({ address }) => address),
          Buffer.concat(chunks).toString('utf8'),
        );
        const answer = mailbox.onLetter?.(letter);
        if (answer === 'silence') {
          mailbox.letters.push(letter);
          return;
        }
        if (answer === undefined) mailbox.letters.push(letter);
        callback(answer ?? null);
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return mailbox;
}

function letterOf(to: readonly string[], raw: string): Letter {
  const cut = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, cut).replaceAll(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const text = raw
    .slice(cut + 4)
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { to, raw, headers, text };
}
