/** What the addresses of gates take and answer: a part of the table in routes.ts. */
import { decision, decisionRequest, intent, reauthentication, reauthenticationRequest } from './decision';
import { commentCreated, commentRequest, gate, gateQuery, recusal } from './gate';
import { listOf } from './primitives';
import * as queue from './queue';
import { DECISION_CODES, EDIT_CODES, HOLDING_CODES } from './route-codes';
import type { RouteShape } from './routes';

export const GATE_SHAPES = {
  'gates.list': {
    summary: 'Gates, the soonest due first',
    query: gateQuery,
    answers: { 200: listOf(gate) },
    codes: [],
  },
  'gates.get': { summary: 'One gate as you see it', answers: { 200: gate }, codes: ['gate_not_found'] },
  'gates.claim': {
    summary: 'Hold a gate for a while',
    body: queue.claimRequest,
    bodyOptional: true,
    answers: { 200: queue.claim },
    codes: [...HOLDING_CODES, 'gate_claimed'],
  },
  'gates.renew': {
    summary: 'Hold on to a gate that you hold: a heartbeat',
    body: queue.claimRequest,
    bodyOptional: true,
    answers: { 200: queue.claim },
    codes: [...HOLDING_CODES, 'claim_lost'],
  },
  'gates.steal': {
    summary: 'Take a gate from whoever holds it, with a reason',
    body: queue.stealRequest,
    answers: { 200: queue.claim },
    codes: [...HOLDING_CODES, 'gate_claimed', 'gate_not_claimed', 'rationale_empty'],
  },
  'gates.reassign': {
    summary: 'Give a gate to somebody who could decide about it: by its holder, a senior or an admin',
    body: queue.reassignRequest,
    answers: { 200: queue.assignment },
    codes: [
      'gate_not_found',
      'gate_closed',
      'gate_late',
      'not_the_holder',
      'subject_of_run',
      'recused',
      'assignee_ineligible',
      'rationale_empty',
    ],
  },
  'gates.ask': {
    summary: 'Ask whoever asked for the run; the clocks of the gate run on',
    body: queue.questionRequest,
    answers: { 201: queue.questionCreated },
    codes: [...HOLDING_CODES, 'question_open', 'rationale_empty'],
  },
  'gates.answer': {
    summary: 'Answer a question about a run that you asked for',
    body: queue.answerRequest,
    answers: { 201: queue.answerCreated },
    codes: [
      'gate_not_found',
      'gate_closed',
      'gate_late',
      'question_not_found',
      'question_answered',
      'not_the_requester',
      'rationale_empty',
    ],
  },
  'gates.release': {
    summary: 'Give a held gate back',
    answers: { 200: queue.release },
    codes: ['gate_not_found'],
  },
  'gates.decide': {
    summary: 'Decide about exactly what you saw',
    body: decisionRequest,
    answers: { 200: decision, 202: intent },
    codes: DECISION_CODES,
  },
  'reauthentications.create': {
    summary: 'Prove anew who you are, for one verdict',
    body: reauthenticationRequest,
    answers: { 201: reauthentication },
    codes: ['gate_not_found', 'gate_closed', 'person_required', 'key_wrong', ...EDIT_CODES],
  },
  'gates.comment': {
    summary: 'Comment on a gate',
    body: commentRequest,
    answers: { 201: commentCreated },
    codes: ['gate_not_found'],
  },
  'gates.recuse': {
    summary: 'Declare a conflict: you hold no seat of this gate from now on',
    answers: { 200: recusal },
    codes: ['gate_not_found', 'gate_closed'],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
