/** States and outcomes of runs, proposals, gates, calls and intents, and what each state allows. */

export const RUN_STATES = ['accepted', 'running', 'waiting', 'closed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Terminal outcomes of a proposal: `advised` is tier suggest (text, no draft, no gate). */
export const PROPOSAL_OUTCOMES = [
  'approved',
  'applied',
  'rejected',
  'expired',
  'withdrawn',
  'advised',
] as const;
export type ProposalOutcome = (typeof PROPOSAL_OUTCOMES)[number];

/** A run ends with its proposals' outcome when they agree, else `mixed`; `nothing` when there were none. */
export const RUN_OUTCOMES = [...PROPOSAL_OUTCOMES, 'mixed', 'nothing', 'refused', 'failed'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

export const ADVISORY_STATES = ['available', 'unavailable', 'blocked'] as const;
export type AdvisoryState = (typeof ADVISORY_STATES)[number];

/** A draft goes pending → confirmed or discarded, and never back. */
export const DRAFT_STATES = ['pending', 'confirmed', 'discarded'] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

export const PROPOSAL_KINDS = ['draft', 'recommendation', 'manual'] as const;
export type ProposalKind = (typeof PROPOSAL_KINDS)[number];

/** For whom an open gate waits: for the requester, while a question to them is open. */
export const GATE_WAITS = ['reviewer', 'requester'] as const;

export const GATE_STATES = ['open', 'closed'] as const;
export type GateState = (typeof GATE_STATES)[number];

/** The one terminal outcome of a gate. */
export const GATE_OUTCOMES = ['approved', 'applied', 'rejected', 'expired', 'withdrawn'] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

export const VERDICTS = ['approve', 'reject', 'escalate'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const INTENT_OUTCOMES = ['applied', 'conflict', 'superseded', 'taken_back', 'late'] as const;
export type IntentOutcome = (typeof INTENT_OUTCOMES)[number];

export const CALL_KINDS = ['primary', 'advisor', 'embedding', 'distil', 'replay'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

export const CALL_STATUSES = ['claimed', 'succeeded', 'failed'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** How a call's answer compares with the stored one when its prompt is asked again: byte by byte, as JSON, or not. */
export const REPLAY_AGREEMENTS = ['exact', 'canonical', 'differs'] as const;
export type ReplayAgreement = (typeof REPLAY_AGREEMENTS)[number];

export const ACTOR_KINDS = ['human', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export const ROLES = [
  'requester',
  'reviewer',
  'senior',
  'admin',
  'auditor',
  'operator',
  'platform_admin',
] as const;
export type Role = (typeof ROLES)[number];

export const RECORD_CLASSES = [
  'routine',
  'financial',
  'destructive',
  'clinical',
  'privileging',
  'credentialing',
  'hiring',
] as const;
export type RecordClass = (typeof RECORD_CLASSES)[number];

/** All classes but routine: only a human decides. */
export const PROTECTED_CLASSES: readonly RecordClass[] = RECORD_CLASSES.filter((c) => c !== 'routine');

export const TENANT_KINDS = ['farm', 'hospital', 'platform'] as const;
export type TenantKind = (typeof TENANT_KINDS)[number];

export const DISPOSITIONS = ['grant', 'grant_with_conditions', 'deny', 'defer'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** What a person says of an act of the system that was drawn to be looked at. */
export const REVIEW_VERDICTS = ['agree', 'disagree'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];
export const REVIEW_STATES = ['open', 'closed'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export type RunAction = 'withdraw' | 'feedback' | 'resend' | 'record_by_hand' | 'replay';
export type GateAction = 'decide' | 'claim' | 'reassign' | 'ask' | 'answer' | 'comment' | 'recuse';

/** What each state of a run allows. API and clients read the same table, so a disabled button can say why. */
export const RUN_ACTIONS: Readonly<Record<RunState, readonly RunAction[]>> = {
  accepted: ['withdraw'],
  running: ['withdraw'],
  waiting: ['withdraw', 'feedback', 'replay'],
  closed: ['feedback', 'resend', 'record_by_hand', 'replay'],
};

/** What each state of a gate allows. */
export const GATE_ACTIONS: Readonly<Record<GateState, readonly GateAction[]>> = {
  open: ['decide', 'claim', 'reassign', 'ask', 'answer', 'comment', 'recuse'],
  closed: ['comment'],
};
