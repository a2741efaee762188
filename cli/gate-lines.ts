import { isApplied, type Decided } from '../client/types';
import type { Verdict } from '../contract/states';
import type { Gate } from '../contract/wire/gate';
import { fields, indented, table } from './output';

const DONE: Readonly<Record<Verdict, string>> = {
  approve: 'approved',
  reject: 'rejected',
  escalate: 'escalated',
};

/** One gate for somebody who is to decide about it: what is asked, what would be written, and what people said and did. */
export function gateLines(gate: Gate): string[] {
  return [
    ...fields([
      ['gate', `${gate.id} version ${gate.version}`],
      ['question', gate.question],
      ['if approved', gate.if_approved],
      ['if rejected', gate.if_rejected],
      ['record', `${gate.record_type} (${gate.class})`],
      ['state', gate.outcome ?? gate.state],
      ['by hand', gate.manual && gate.compensation_act === null ? byHandLine(gate) : null],
      ['record types', gate.record_types.join(', ')],
      ['left open', gate.missing.join(', ')],
      ['warnings', gate.flags.map(({ reason }) => reason).join('; ')],
      ['duplicate of?', duplicateLine(gate)],
      ['held by', gate.claimed_by === null ? null : `${gate.claimed_by} until ${gate.claimed_until ?? ''}`],
      ['waits for', gate.waiting_for === 'requester' ? 'an answer of the requester' : null],
      ['agreement', gate.agreement === null ? null : agreementLine(gate.agreement)],
      ['asks', asksLine(gate)],
      ['held back', gate.blind ? 'say what you think first: countersign view' : null],
      ['in place of', gate.acting_for.join(', ')],
      ['thought first', gate.views.map(({ opinion, note }) => `${opinion}: ${note ?? ''}`).join('; ')],
      ['dispositions', gate.dispositions.join(', ')],
      ['reason codes', gate.reason_codes.join(', ')],
      ['reason in parts', gate.rationale_parts.map(partLine).join('; ')],
      ['proof', gate.reauthenticate_minutes === null ? null : 'prove anew who you are: --prove'],
      [
        'amounts',
        Object.entries(gate.amounts)
          .map(([name, text]) => `${name} ${text}`)
          .join(', '),
      ],
      [
        'changed',
        gate.versions
          .map(({ version, cause, changed }) => `version ${version} by ${cause}: ${changed.join(', ')}`)
          .join('; '),
      ],
      ['due', gate.due_at],
      ['view', gate.shown_hash],
    ]),
    ...(gate.payload === null ? [] : ['', 'would write', ...indented(gate.payload)]),
    ...sourceLines(gate),
    ...talkLines(gate),
    ...(gate.decisions.length === 0
      ? []
      : [
          '',
          ...table(
            ['verdict', 'by', 'rationale', 'at'],
            gate.decisions.map((one) => [
              one.disposition ?? one.record_type ?? one.verdict,
              one.on_behalf_of === null ? one.actor_user_id : `${one.actor_user_id} for ${one.on_behalf_of}`,
              one.rationale ?? one.reason_code,
              one.decided_at,
            ]),
          ),
        ]),
  ];
}

function duplicateLine({ possible_duplicate_of: other, possible_duplicate_at: at }: Gate): string | null {
  return other === null ? null : `${other}, proposed ${at ?? ''}`;
}

/** Where each thing that the model claims was read, and the words that stand there. */
function sourceLines({ sources, input }: Gate): string[] {
  if (sources.length === 0) return [];
  const rows = sources.map((source) => {
    const { field, passage_id: passage, receipt_id: receipt, page, start, end, quote } = source;
    const name = field ?? (passage === undefined ? `receipt ${receipt ?? ''}` : `passage ${passage}`);
    const said = field === undefined ? undefined : input?.[field];
    const words = typeof said === 'string' && start !== undefined ? said.slice(start, end) : undefined;
    return [page === undefined ? name : `${name}, page ${page}`, quote ?? words];
  });
  return ['', ...table(['source', 'says'], rows)];
}

/** What was asked of the requester, who took the gate from whom, and comments, in the order of time. */
function talkLines({ questions, handovers, comments }: Gate): string[] {
  const said = [
    ...questions.map((one) => ({ at: one.asked_at, by: one.asked_by, what: 'asks', text: one.question })),
    ...questions.flatMap(({ answered_at: at, answered_by: by, answer: text }) =>
      at === null || by === null ? [] : [{ at, by, what: 'answers', text }],
    ),
    ...handovers.map((one) => ({
      at: one.at,
      by: one.by_user_id,
      what: one.act === 'stolen' ? `took it from ${one.from_user_id ?? ''}` : `gave it to ${one.to_user_id}`,
      text: one.reason,
    })),
    ...comments.map((one) => ({ at: one.at, by: one.user_id, what: 'says', text: one.text })),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  if (said.length === 0) return [];
  return [
    '',
    ...table(
      ['by', '', 'text', 'at'],
      said.map(({ by, what, text, at }) => [by, what, text, at]),
    ),
  ];
}

function agreementLine({ band, agreed, decided }: NonNullable<Gate['agreement']>): string {
  return `of ${decided} answers of this model with a confidence of ${band}, reviewers approved ${agreed} as they were`;
}

function asksLine({ roles, seat_roles: seatRoles, seats, seats_taken: taken }: Gate): string {
  return `${seatRoles?.join(' and ') ?? roles.join(' or ')}, ${taken ?? '?'} of ${seats} seats taken`;
}

function partLine({ name, prompt, dispositions }: Gate['rationale_parts'][number]): string {
  return `${name} (${prompt}${dispositions === undefined ? '' : `; with ${dispositions.join(', ')}`})`;
}

function byHandLine({ record_types: offered }: Gate): string {
  const choice = offered.length > 1 ? '--record-type and ' : '';
  return `the model has nothing to show: approve with ${choice}--edits`;
}

/** What became of a verdict. */
export function decidedLines(verdict: Verdict, decided: Decided): string[] {
  if (!isApplied(decided))
    return [
      `Stored: ${decided.verdict}. It is applied as soon as a worker runs.`,
      ...fields([['intent', decided.id]]),
    ];
  return [
    `The gate is ${DONE[verdict]}.`,
    ...fields([
      ['decision', decided.id],
      ['self-confirmed', decided.self_confirmed ? 'yes' : null],
      ['records', decided.record_ids.join(', ')],
    ]),
  ];
}
