import type { RouteName } from '../../contract/wire/endpoints';
import type { Handler } from '../context';
import { getAgreement } from './agreement';
import { acknowledgePage, getHead, listPages, recentEvents } from './audit';
import { getCall, listCalls } from './calls';
import { getAccount, getEvidence, grantCredits, listLegs } from './credits';
import { decide } from './decide';
import { createDelegation, listDelegations, recordView, revokeDelegation } from './delegations';
import {
  createDocument,
  deleteDocument,
  getDocument,
  getPassage,
  listDocuments,
  listPassages,
} from './documents';
import { claimGate, reassignGate, releaseGate, renewClaim, stealClaim } from './claims';
import { decideTogether } from './decide-together';
import { commentOnGate, getGate, listGates, recuse } from './gates';
import { answerQuestion, askRequester } from './questions';
import { correctRecord, undoRecord } from './compensate';
import { reauthenticate } from './reauthenticate';
import { getNotifications, putNotifications } from './notifications';
import { getPurpose, listPurposes } from './purposes';
import { getDecision, getIntent, listDecisions, listRecords, readContent } from './records';
import { listReviewers } from './reviewers';
import { listReviews, recordReview } from './reviews';
import { getRun, giveFeedback, listRuns, withdrawRun } from './runs';
import { createReplay, getReplay, listReplays } from './replays';
import { createRun, recordByHand, resendRun } from './start-run';
import {
  getPolicy,
  getPrices,
  getVendor,
  listPrices,
  listVendors,
  putPolicy,
  putPrice,
  putVendor,
} from './settings';
import { listSubjects, putSubject } from './subjects';
import {
  changeMember,
  createKey,
  createMember,
  createTenant,
  getMe,
  listKeys,
  listMembers,
  listTenants,
  revokeKey,
} from './tenants';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  listWebhookTypes,
  pingWebhook,
  replayDeliveries,
  rotateWebhookSecret,
} from './webhooks';

/** Addresses that answer by themselves: a stream, pages, and what is about the process rather than a tenant. */
export type RawRouteName = 'events.stream' | 'healthz' | 'readyz' | 'metrics' | 'openapi' | 'docs';

/** Who answers at each address. An address without a handler does not compile. */
export const HANDLERS: { readonly [Name in Exclude<RouteName, RawRouteName>]: Handler<Name> } = {
  'me.get': getMe,
  'runs.create': createRun,
  'runs.list': listRuns,
  'runs.get': getRun,
  'runs.calls': listCalls,
  'runs.withdraw': withdrawRun,
  'runs.resend': resendRun,
  'runs.by_hand': recordByHand,
  'runs.feedback': giveFeedback,
  'runs.replay': createReplay,
  'runs.replays': listReplays,
  'replays.get': getReplay,
  'calls.get': getCall,
  'gates.list': listGates,
  'gates.get': getGate,
  'gates.claim': claimGate,
  'gates.renew': renewClaim,
  'gates.steal': stealClaim,
  'gates.reassign': reassignGate,
  'gates.ask': askRequester,
  'gates.answer': answerQuestion,
  'gates.release': releaseGate,
  'gates.decide': decide,
  'reauthentications.create': reauthenticate,
  'gates.comment': commentOnGate,
  'gates.recuse': recuse,
  'gates.view': recordView,
  'delegations.list': listDelegations,
  'delegations.create': createDelegation,
  'delegations.revoke': revokeDelegation,
  'intents.get': getIntent,
  'decisions.list': listDecisions,
  'decisions.create': decideTogether,
  'decisions.get': getDecision,
  'reviewers.list': listReviewers,
  'reviews.list': listReviews,
  'reviews.record': recordReview,
  'records.list': listRecords,
  'records.correct': correctRecord,
  'records.undo': undoRecord,
  'contents.read': readContent,
  'credits.get': getAccount,
  'credits.ledger': listLegs,
  'credits.grant': grantCredits,
  'evidence.get': getEvidence,
  'agreement.get': getAgreement,
  'policy.get': getPolicy,
  'policy.put': putPolicy,
  'vendors.list': listVendors,
  'vendors.get': getVendor,
  'vendors.put': putVendor,
  'prices.list': listPrices,
  'prices.get': getPrices,
  'prices.put': putPrice,
  'tenants.list': listTenants,
  'tenants.create': createTenant,
  'members.list': listMembers,
  'members.create': createMember,
  'members.change': changeMember,
  'keys.list': listKeys,
  'keys.create': createKey,
  'keys.revoke': revokeKey,
  'subjects.list': listSubjects,
  'subjects.put': putSubject,
  'documents.create': createDocument,
  'documents.list': listDocuments,
  'documents.get': getDocument,
  'documents.passages': listPassages,
  'documents.delete': deleteDocument,
  'passages.get': getPassage,
  'purposes.list': listPurposes,
  'purposes.get': getPurpose,
  'notifications.get': getNotifications,
  'notifications.put': putNotifications,
  'webhooks.types': listWebhookTypes,
  'webhooks.list': listWebhooks,
  'webhooks.create': createWebhook,
  'webhooks.get': getWebhook,
  'webhooks.change': changeWebhook,
  'webhooks.delete': deleteWebhook,
  'webhooks.rotate': rotateWebhookSecret,
  'webhooks.ping': pingWebhook,
  'webhooks.deliveries': listDeliveries,
  'webhooks.replay': replayDeliveries,
  'pages.list': listPages,
  'pages.acknowledge': acknowledgePage,
  'audit.head': getHead,
  'audit.recent': recentEvents,
};
