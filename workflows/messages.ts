import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Step } from '../contract/steps';

/** Carries the id of a stored intent and nothing else: verdict and person are read from it inside the decide transaction. */
export interface IntentMessage {
  readonly intentId: string;
  readonly gateId: string;
}

/** What became of an intent. Codes are of the error catalogue. */
export interface IntentAnswer {
  readonly outcome: 'applied' | 'conflict' | 'superseded' | 'taken_back' | 'late';
  readonly code: string | null;
  readonly decisionId: string | null;
}

export interface RunArguments {
  readonly tenantId: string;
  readonly runId: string;
  /** Of a run that goes on from an earlier, longer history: what it waited for there. */
  readonly carried?: CarriedRun;
  /** Goes on anew after so many events instead of when Temporal suggests it; tests set it. */
  readonly eventsMax?: number;
}

/** What a run takes with it when it goes on in a new history. Ids, roles, codes and times; the rest is in the database. */
export interface CarriedRun {
  /** All gates of the run, so that a verdict on a closed one still hears who was first. */
  readonly gateIds: readonly string[];
  readonly open: readonly OpenGate[];
  /** Messages that came by signal and have not had their turn. */
  readonly inbox: readonly { readonly message: IntentMessage; readonly named: Verdict | null }[];
  /** Whether it was told to look and has not yet. */
  readonly mustLook: boolean;
}

export type Verdict = 'approve' | 'reject' | 'escalate';

/** What the workflow knows of an open gate: whom it asks, when it next acts by itself and how, and until when it is open. */
export interface OpenGate {
  readonly gateId: string;
  readonly role: string;
  readonly wakeAt: string;
  /** Missing in what activities of before have answered. */
  readonly wakesFor?: 'reminder' | 'escalation' | 'expiry';
  readonly dueAt: string;
}

export interface ReadArguments {
  readonly tenantId: string;
  readonly documentIds: readonly string[];
}

export interface ReplayArguments {
  readonly tenantId: string;
  readonly replayId: string;
}

/** A message to a webhook. */
export interface DeliveryArguments {
  readonly tenantId: string;
  readonly deliveryId: string;
}

/** A mail to a person. */
export interface MailArguments {
  readonly tenantId: string;
  readonly mailId: string;
}

/** Names of the workflow types, for clients that don't load the workflows. */
export const RUN_WORKFLOW = 'run';
export const READ_WORKFLOW = 'readDocuments';
export const DELIVERY_WORKFLOW = 'deliverWebhook';
export const MAIL_WORKFLOW = 'sendMail';
export const REPLAY_WORKFLOW = 'replay';

export const decideUpdate = defineUpdate<IntentAnswer, [IntentMessage]>('decide');
export const approveSignal = defineSignal<[IntentMessage]>('approve');
export const rejectSignal = defineSignal<[IntentMessage]>('reject');
export const escalateSignal = defineSignal<[IntentMessage]>('escalate');
/** Look into the database: the run was withdrawn there, or its gates are past due, or due at another time. */
export const withdrawSignal = defineSignal('withdraw');
/** A message to a webhook, or a mail, is due in the database: send it now. */
export const sendNowSignal = defineSignal('sendNow');
/** Where the run is, and which of its gates are open. */
export const progressQuery = defineQuery<{ readonly step: Step; readonly openGateIds: readonly string[] }>(
  'progress',
);
