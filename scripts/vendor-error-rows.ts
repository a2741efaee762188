import {
  COMMON_FAILURES,
  MODELLED_FAILURES,
  STATUS_FAILURES,
  STOP_FAILURES,
} from '../activities/gateway/providers/bedrock-errors';
import { GUARDRAIL_INTERVENED } from '../activities/gateway/providers/bedrock-guardrail';
import {
  DEADLINE_PASSED,
  MALFORMED_ANSWER,
  NETWORK_FAILURES,
  NOT_OURS,
  REFUSED_AFTER_READING,
  type Failure,
} from '../activities/gateway/providers/failure';
import {
  FETCH_FAILURES,
  FINISH_FAILURES,
  HTTP_FAILURES,
  NAMED_FAILURES,
} from '../activities/gateway/providers/openai-errors';
import { ATTEMPTS_MAX } from '../contract/model';

/** How errors of a kind look on the wire; a test makes each of them. */
export type ErrorKind =
  | 'exception'
  | 'status'
  | 'stop reason'
  | 'answer'
  | 'deadline'
  | 'guardrail'
  | 'network'
  | 'named'
  | 'finish reason'
  | 'fetch'
  | 'words'
  | 'not ours';

export interface ErrorRow {
  readonly kind: ErrorKind;
  readonly error: string;
  readonly failure: Failure;
}

function rows(kind: ErrorKind, failures: Readonly<Record<string, Failure>>): ErrorRow[] {
  return Object.entries(failures).map(([error, failure]) => ({ kind, error, failure }));
}

const EITHER: readonly ErrorRow[] = [
  { kind: 'answer', error: 'a 200 that is not what the wire promises', failure: MALFORMED_ANSWER },
  { kind: 'deadline', error: 'no whole answer within the time', failure: DEADLINE_PASSED },
  { kind: 'not ours', error: 'a region that the provider does not serve', failure: NOT_OURS },
];

/** Every way in which a call can fail, by the provider, as the code has it. */
export const VENDOR_ERRORS: Readonly<Record<'bedrock' | 'openai', readonly ErrorRow[]>> = {
  bedrock: [
    ...rows('exception', { ...MODELLED_FAILURES, ...COMMON_FAILURES }),
    ...rows('status', STATUS_FAILURES),
    ...rows('stop reason', STOP_FAILURES),
    { kind: 'guardrail', error: 'GUARDRAIL_INTERVENED', failure: GUARDRAIL_INTERVENED },
    ...EITHER,
    ...rows('network', NETWORK_FAILURES),
  ],
  openai: [
    ...rows('named', NAMED_FAILURES),
    ...rows('status', HTTP_FAILURES),
    ...rows('finish reason', FINISH_FAILURES),
    { kind: 'words', error: 'a refusal, or words in place of the tool', failure: REFUSED_AFTER_READING },
    ...EITHER,
    ...rows('fetch', FETCH_FAILURES),
    ...rows('network', NETWORK_FAILURES),
  ],
};

/** What follows from a failure, when every attempt fails in the same way. */
export function consequence({ code, kind, mayBeBilled }: Failure) {
  return {
    attempts: ATTEMPTS_MAX[kind],
    attemptState: mayBeBilled ? 'maybe_billed' : 'unbilled',
    code,
  } as const;
}

const TITLES = { bedrock: 'Bedrock', openai: 'Endpoints of OpenAI’s wire' } as const;

/** docs/vendor-errors.md, whole. */
export function vendorErrorsDocument(): string {
  return [
    '# What becomes of a vendor’s errors',
    '',
    'Written by `npm run docs:vendor-errors` from the tables that the gateway follows; a test makes it anew, and lets each',
    'error happen. Every attempt is a row of `ai_run_attempts` and holds its worst case before anything is sent. When all',
    'attempts have failed, the call ends as failed with the code, the run gets its credit back, and its gates open for a',
    'person to decide without the model’s advice: “AI advisory unavailable, proceed manually”. Nothing is ever approved.',
    '',
    `Attempts are how many are made when each fails in the same way: ${ATTEMPTS_MAX.retry} with growing pauses, or after the vendor’s`,
    `\`Retry-After\` (at most five minutes), where nothing can have been billed; ${ATTEMPTS_MAX.retry_once} where an attempt may have been. An`,
    'attempt that may have been billed is charged at its worst case against the day’s budget. A model that fails ten times',
    'in a row, by being away or silent, is asked by nobody for a while: that is one page of the platform. A call that has',
    'waited for ten minutes and still can’t begin ends as when all attempts have failed.',
    '',
    ...(['bedrock', 'openai'] as const).flatMap((provider) => [
      `## ${TITLES[provider]}`,
      '',
      ...table(provider),
      '',
    ]),
  ].join('\n');
}

function table(provider: 'bedrock' | 'openai'): string[] {
  const lines = VENDOR_ERRORS[provider].map((row) => {
    const { attempts, attemptState, code } = consequence(row.failure);
    const charged = attemptState === 'unbilled' ? 'nothing' : 'worst case, each';
    return [row.kind, row.error, String(attempts), attemptState, charged, code];
  });
  const head = ['kind', 'error', 'attempts', 'each attempt', 'charged', 'the call ends as failed with'];
  const widths = head.map((name, at) => Math.max(name.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const text = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [text(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.map(text)];
}
