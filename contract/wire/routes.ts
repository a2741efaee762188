/**
 * What every address of endpoints.ts takes and answers. Router, OpenAPI, docs, typed client and tests derive from it.
 */
import { z } from 'zod';
import type { ErrorCode } from '../errors';
import { account, evidence, grant, grantRequest, ledgerLeg, ledgerQuery } from './account';
import { agreement, agreementQuery } from './agreement';
import { call, callDetail } from './call';
import { decision, decisionList, decisionQuery, intent } from './decision';
import { DELEGATION_SHAPES } from './delegation-routes';
import { DOCUMENT_SHAPES } from './document-routes';
import { ENDPOINTS, type Endpoint, type RouteName } from './endpoints';
import { chainHead, health, page, pageQuery, recentEvents, recentQuery, streamQuery } from './event';
import { GATE_SHAPES } from './gate-routes';
import { policy, policyRequest } from './policy';
import { id, listOf, listQuery } from './primitives';
import { purpose } from './purpose';
import { bulkAnswer, bulkRequest } from './queue';
import { contentRead, correctRequest, record, recordQuery, undoRequest } from './record';
import { REPLAY_SHAPES } from './replay-routes';
import { REVIEW_SHAPES } from './review-routes';
import { COMPENSATION_CODES, STALE_CODES, START_CODES, SUBJECT_CODES } from './route-codes';
import { byHandRequest, feedbackRequest, run, runQuery, runRequest, withdrawal } from './run';
import * as tenants from './tenant';
import { WEBHOOK_SHAPES } from './webhook-routes';
import { price, priceHistory, priceRequest, vendor, vendorRequest } from './vendor';

export interface RouteShape {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** JSON that answers, by status. 204 has none. Streams and pages have a media type instead. */
  readonly answers: Readonly<
    Record<number, z.ZodType | 'nothing' | 'text/event-stream' | 'text/plain' | 'text/html'>
  >;
  /** Problems of its own, beside those that every address may answer with. */
  readonly codes: readonly ErrorCode[];
  /** A body may be left out. */
  readonly bodyOptional?: true;
}

/** Path parameters by name; an `{id}` is a UUID wherever it stands. */
export const PARAMETERS = {
  id,
  user_id: id,
  subject_id: z.string().min(1).max(200),
  key_id: z.string().regex(/^[a-z0-9]{16}$/),
  name: z.string().regex(/^[a-z][a-z0-9_.]{0,99}$/),
  vendor: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/),
  model: z.string().min(1).max(200),
  region: z.string().min(1).max(60),
} as const satisfies Readonly<Record<string, z.ZodType>>;

export const SHAPES = {
  'me.get': { summary: 'Whose key this is', answers: { 200: tenants.me }, codes: [] },

  'runs.create': {
    summary: 'Start a run of a purpose',
    body: runRequest,
    answers: { 200: run, 202: run },
    codes: [...START_CODES, ...SUBJECT_CODES],
  },
  'runs.list': { summary: 'Runs, newest first', query: runQuery, answers: { 200: listOf(run) }, codes: [] },
  'runs.get': { summary: 'One run with its proposals', answers: { 200: run }, codes: ['run_not_found'] },
  'runs.calls': {
    summary: 'The model calls that a run rests on',
    query: listQuery,
    answers: { 200: listOf(call) },
    codes: ['run_not_found'],
  },
  'runs.withdraw': {
    summary: 'Take a run back, by who asked or an admin',
    answers: { 200: withdrawal },
    codes: ['run_not_found', 'run_closed', 'withdraw_too_late', 'not_allowed'],
  },
  'runs.resend': {
    summary: 'Send a refused or failed run again, with the input that it keeps, as a new run',
    answers: { 200: run, 202: run },
    codes: ['run_not_found', 'not_resendable', ...START_CODES, ...SUBJECT_CODES],
  },
  'runs.by_hand': {
    summary: 'Record by hand what was refused or failed: a new run with one manual gate and no model call',
    body: byHandRequest,
    answers: { 200: run, 202: run },
    codes: [
      'run_not_found',
      'not_resendable',
      'record_type_unknown',
      'idempotency_key_missing',
      'key_reused',
      'member_not_allowed',
    ],
  },
  'runs.feedback': {
    summary: 'Say whether the answer helped',
    body: feedbackRequest,
    answers: { 204: 'nothing' },
    codes: ['run_not_found'],
  },
  ...REPLAY_SHAPES,
  'calls.get': { summary: 'One model call', answers: { 200: callDetail }, codes: [] },

  ...GATE_SHAPES,
  ...DELEGATION_SHAPES,
  'intents.get': {
    summary: 'A stored verdict and what became of it',
    answers: { 200: intent },
    codes: ['intent_not_found', 'view_required'],
  },
  'decisions.list': {
    summary: 'Decisions, newest first, or a sample of them drawn by a seed',
    query: decisionQuery,
    answers: { 200: decisionList },
    codes: [],
  },
  'decisions.create': {
    summary: 'Give one verdict on many routine gates of one record type and policy, each decided by itself',
    body: bulkRequest,
    answers: { 200: bulkAnswer },
    codes: ['idempotency_key_missing', 'key_reused', 'not_decided_together'],
  },
  'decisions.get': { summary: 'One decision', answers: { 200: decision }, codes: ['view_required'] },
  ...REVIEW_SHAPES,
  'records.list': {
    summary: 'What decisions wrote, newest first',
    query: recordQuery,
    answers: { 200: listOf(record) },
    codes: [],
  },
  'records.correct': {
    summary: 'Ask to correct a record: a run of its own, whose gate writes the one that stands for it',
    body: correctRequest,
    answers: { 200: run, 202: run },
    codes: [
      ...COMPENSATION_CODES,
      'edits_invalid',
      'record_incomplete',
      'subject_differs',
      'nothing_corrected',
    ],
  },
  'records.undo': {
    summary: 'Ask to undo a record: a run of its own, whose gate takes back what it led to',
    body: undoRequest,
    answers: { 200: run, 202: run },
    codes: COMPENSATION_CODES,
  },
  'contents.read': {
    summary: 'Read one content as an auditor; the reading is recorded',
    answers: { 200: contentRead },
    codes: ['content_not_found', 'view_required'],
  },

  'credits.get': { summary: "The tenant's account", answers: { 200: account }, codes: [] },
  'credits.ledger': {
    summary: 'Ledger legs, newest first',
    query: ledgerQuery,
    answers: { 200: listOf(ledgerLeg) },
    codes: [],
  },
  'credits.grant': {
    summary: 'Grant credits to a tenant',
    body: grantRequest,
    answers: { 201: grant },
    codes: ['idempotency_key_missing', 'key_reused', 'amount_invalid', 'tenant_not_found', 'person_required'],
  },
  'evidence.get': {
    summary: 'Totals beside the totals that they must equal',
    answers: { 200: evidence },
    codes: [],
  },
  'agreement.get': {
    summary:
      'How often reviewers approved what a model proposed as it was drafted, by purpose, model and band of confidence',
    query: agreementQuery,
    answers: { 200: agreement },
    codes: [],
  },

  'policy.get': { summary: "The tenant's policy", answers: { 200: policy }, codes: ['policy_missing'] },
  'policy.put': {
    summary: 'Save the next version of the policy',
    body: policyRequest,
    answers: { 200: policy },
    codes: [
      ...STALE_CODES,
      'record_type_unknown',
      'auto_on_protected',
      'policy_unsatisfiable',
      'seat_rules_invalid',
      'person_required',
      'purpose_unknown',
      'model_not_listed',
      'rationale_empty',
    ],
  },
  'vendors.list': {
    summary: 'The vendor matrix',
    query: listQuery,
    answers: { 200: listOf(vendor) },
    codes: [],
  },
  'vendors.get': { summary: 'One row of the vendor matrix', answers: { 200: vendor }, codes: [] },
  'vendors.put': {
    summary: 'Save the next version of a row of the vendor matrix',
    body: vendorRequest,
    answers: { 200: vendor, 201: vendor },
    codes: STALE_CODES,
  },
  'prices.list': {
    summary: 'Prices that are valid now',
    query: listQuery,
    answers: { 200: listOf(price) },
    codes: [],
  },
  'prices.get': { summary: 'All prices of a model', answers: { 200: priceHistory }, codes: [] },
  'prices.put': {
    summary: 'Add a price of a model',
    body: priceRequest,
    answers: { 200: priceHistory, 201: priceHistory },
    codes: [...STALE_CODES, 'price_in_past'],
  },

  'tenants.list': {
    summary: 'Tenants: all of them for the platform, else your own',
    query: listQuery,
    answers: { 200: listOf(tenants.tenant) },
    codes: [],
  },
  'tenants.create': {
    summary: 'Create a tenant with its first admin',
    body: tenants.tenantRequest,
    answers: { 201: tenants.tenantCreated },
    codes: ['tenant_exists', 'time_zone_unknown', 'role_of_platform'],
  },
  'members.list': {
    summary: 'Members of the tenant',
    query: listQuery,
    answers: { 200: listOf(tenants.member) },
    codes: [],
  },
  'members.create': {
    summary: 'Add a member',
    body: tenants.memberRequest,
    answers: { 201: tenants.member },
    codes: ['role_of_platform', 'member_exists', 'email_taken'],
  },
  'members.change': {
    summary: "Change a member's name, roles, activity or e-mail address",
    body: tenants.memberChange,
    answers: { 200: tenants.member },
    codes: ['member_not_found', 'last_admin', 'role_of_platform', 'policy_unsatisfiable', 'email_taken'],
  },
  'keys.list': {
    summary: 'Keys of the tenant, without their secrets',
    query: listQuery,
    answers: { 200: listOf(tenants.key) },
    codes: [],
  },
  'keys.create': {
    summary: 'Make a key for a member; its token is shown this once',
    body: tenants.keyRequest,
    answers: { 201: tenants.keyCreated },
    codes: ['member_not_found', 'person_required'],
  },
  'keys.revoke': { summary: 'Revoke a key for good', answers: { 204: 'nothing' }, codes: ['key_not_found'] },
  'subjects.list': {
    summary: 'Which member a subject is, by your own id of that person',
    query: listQuery,
    answers: { 200: listOf(tenants.subject) },
    codes: [],
  },
  'subjects.put': {
    summary: 'Say which member a subject is, or that nobody is: who is the subject holds no seat',
    body: tenants.subjectRequest,
    answers: { 200: tenants.subject },
    codes: ['subject_unknown', 'subject_is_you', 'not_found'],
  },
  ...DOCUMENT_SHAPES,
  ...WEBHOOK_SHAPES,
  'purposes.list': {
    summary: 'What runs are for',
    query: listQuery,
    answers: { 200: listOf(purpose) },
    codes: [],
  },
  'purposes.get': {
    summary: 'One purpose: schema, price, who decides, example',
    answers: { 200: purpose },
    codes: ['purpose_unknown'],
  },
  'pages.list': {
    summary: 'What operations were paged about, newest first',
    query: pageQuery,
    answers: { 200: listOf(page) },
    codes: [],
  },
  'pages.acknowledge': {
    summary: 'Acknowledge a page, so that its cause pages again',
    answers: { 204: 'nothing' },
    codes: ['page_not_found'],
  },

  'events.stream': {
    summary: 'Events as they are sealed; Last-Event-ID (or `since`) goes on after that one',
    query: streamQuery,
    answers: { 200: 'text/event-stream' },
    codes: ['cursor_invalid'],
  },
  'audit.head': { summary: "The head of the tenant's chain", answers: { 200: chainHead }, codes: [] },
  'audit.recent': {
    summary: 'Events after a place in the chain, oldest first',
    query: recentQuery,
    answers: { 200: recentEvents },
    codes: [],
  },

  healthz: { summary: 'The process answers', answers: { 200: health }, codes: [] },
  readyz: {
    summary: 'Database, with the schema of this version, and Temporal answer',
    answers: { 200: health, 503: health },
    codes: [],
  },
  metrics: { summary: 'Counters for Prometheus', answers: { 200: 'text/plain' }, codes: [] },
  openapi: { summary: 'This document', answers: { 200: z.looseObject({}) }, codes: [] },
  docs: { summary: 'This document for people', answers: { 200: 'text/html' }, codes: [] },
} as const satisfies Readonly<Record<RouteName, RouteShape>>;

/** One address with all that is known of it. */
export type Route = Endpoint & RouteShape & { readonly name: RouteName };

export const ROUTES: readonly Route[] = (Object.keys(ENDPOINTS) as RouteName[]).map((name) => ({
  name,
  ...(ENDPOINTS[name] as Endpoint),
  ...(SHAPES[name] as RouteShape),
}));

/** What a caller sends, and what the handler gets of it. */
export type RouteBody<Name extends RouteName> = (typeof SHAPES)[Name] extends {
  body: infer Body extends z.ZodType;
}
  ? z.input<Body>
  : undefined;
export type RouteBodyParsed<Name extends RouteName> = (typeof SHAPES)[Name] extends {
  body: infer Body extends z.ZodType;
}
  ? z.output<Body>
  : undefined;
export type RouteQuery<Name extends RouteName> = (typeof SHAPES)[Name] extends {
  query: infer Query extends z.ZodType;
}
  ? z.output<Query>
  : Record<string, never>;

/** What is answered when all goes well: of every status that has JSON. */
export type RouteAnswer<Name extends RouteName> =
  Extract<
    (typeof SHAPES)[Name]['answers'][keyof (typeof SHAPES)[Name]['answers']],
    z.ZodType
  > extends infer Answer extends z.ZodType
    ? z.output<Answer>
    : undefined;
