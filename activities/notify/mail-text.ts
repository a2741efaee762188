import { DateTime } from 'luxon';

/** What a mail tells of, as the database has it: ids, states and times, and never what a question says. */
export interface MailNotice {
  readonly topic: string;
  readonly gate_id: string | null;
  readonly run_id: string | null;
  readonly record_type: string | null;
  readonly record_class: string | null;
  readonly due_at: string | null;
  readonly run_outcome: string | null;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** What happened, by topic. */
const SAID: Readonly<Record<string, string>> = {
  'gate.opened': 'A question waits for a decision',
  'gate.reminded': 'A question still waits for a decision',
  'gate.escalated': 'A question was passed on to you',
  'gate.retermed': 'A question asks otherwise now, and waits for a decision',
  'gate.raised': 'A question asks for more people now, and waits for a decision',
  'gate.answered': 'The requester has answered: a question waits for a decision',
  'gate.asked': 'Whoever decides asks you for something',
  'run.closed': 'Your request has ended',
};

/**
 * The words of a mail to one person. Its links open pages, for whoever signs in there: nothing is decided by opening one.
 * @param linksUrl where pages are; undefined where there are none, and the command line is named instead
 */
export function mailText(
  notices: readonly MailNotice[],
  timeZone: string,
  linksUrl: string | undefined,
): MailText {
  const [only] = notices;
  const subject =
    notices.length === 1 && only !== undefined
      ? `${saidOf(only)}${aboutOf(only)}`
      : `${notices.length} notices from Countersign`;
  const parts = notices.map((notice) => partOf(notice, timeZone, linksUrl).join('\n'));
  return { subject, text: `${[...parts, FOOT].join('\n\n')}\n` };
}

const FOOT = `--
This mail tells that something happened and holds nothing of what it is about.
To get one digest an hour or no mail at all: countersign notifications digest|none`;

function partOf(notice: MailNotice, timeZone: string, linksUrl: string | undefined): string[] {
  const { gate_id: gate, run_id: run, due_at: due, run_outcome: outcome } = notice;
  const isRun = gate === null;
  return [
    `${saidOf(notice)}${aboutOf(notice)}.`,
    ...(isRun && outcome !== null ? [`Outcome: ${outcome}`] : []),
    ...(isRun || due === null ? [] : [`Due: ${timeIn(due, timeZone)}`]),
    placeOf(gate === null ? ['runs', run ?? ''] : ['gates', gate], linksUrl),
  ];
}

function saidOf({ topic }: MailNotice): string {
  return SAID[topic] ?? 'Something happened';
}

function aboutOf({ record_type: type, record_class: recordClass }: MailNotice): string {
  const about = [type, recordClass].filter((part) => part !== null);
  return about.length === 0 ? '' : `: ${about.join(', ')}`;
}

function placeOf([list, id]: readonly [string, string], linksUrl: string | undefined): string {
  return linksUrl === undefined
    ? `Look: countersign ${list} ${id}`
    : `Look: ${linksUrl.replace(/\/+$/, '')}/${list}/${id}`;
}

function timeIn(instant: string, timeZone: string): string {
  const at = DateTime.fromISO(instant, { zone: timeZone, locale: 'en-GB' });
  return `${at.toFormat('ccc d LLL yyyy HH:mm')} (${timeZone})`;
}
