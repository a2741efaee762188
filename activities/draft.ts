import type { AdvisoryState } from '../contract/states';
import type { GateTiming, ModelProposal, Purpose, RecordType } from '../contract/pack';
import { callInTenant } from '../db/transaction';
import type { Registry } from '../packs/registry';
import type { GateAct } from './decide';
import type { ActivityDependencies } from './dependencies';
import { compensationWords } from './compensation-words';
import { timingOf, gateInstants, type GateInstants } from './gate-instants';
import { loadAnswer, seenDocument, type LoadedAnswer } from './loaded-answer';
import { originalSources, type SeenDocument } from './original-sources';
import { permilleOrNull, readOutput } from './read-output';
import type { RunReference } from './run-reference';
import type { Json } from './scrubber/allow-list';
import { rehydrate } from './scrubber/rehydrate';
import type { ScrubToken } from './scrubber/token';
import type { Vault } from './scrubber/vault';

export interface DraftAnswer {
  readonly outcome: 'drafted' | 'closed' | 'withdrawn';
  readonly gates: readonly {
    readonly gateId: string;
    readonly role: string;
    readonly wakeAt: string;
    readonly wakesFor: GateAct;
    readonly dueAt: string;
  }[];
}

/** One proposal as `app.record_draft` takes it. */
interface DraftItem extends TimedGate {
  readonly kind: 'draft' | 'recommendation' | 'manual';
  readonly record_type: string;
  readonly payload: string;
  readonly confidence_permille: number | null;
  readonly shown: boolean;
  /** Whether the tier auto may not apply it: an eval warns, or the answer is less certain than the threshold. */
  readonly doubtful: boolean;
  readonly question: string;
}

/** When a gate acts, what it declared, and by the calendar of which policy that was counted. */
interface TimedGate extends GateInstants {
  readonly timing: GateTiming;
  readonly timed_by_policy_version: number;
}

interface Drafted {
  readonly gates: readonly {
    gate_id: string;
    role: string;
    wake_at: string;
    wakes_for: GateAct;
    due_at: string;
  }[];
  readonly outcome: DraftAnswer['outcome'];
}

/** Step 5: the answer with its tokens given back, as proposals and gates; what is blocked or missing as a manual gate. */
export function createDraft({ database, registry, vault }: ActivityDependencies) {
  return async ({
    tenantId,
    runId,
    advisory,
    senior,
  }: RunReference & {
    readonly advisory: 'available' | 'unavailable';
    readonly senior: boolean;
  }): Promise<DraftAnswer> => {
    const answer = await loadAnswer(database, { tenantId, runId });
    const purpose = registry.purpose(answer.purpose, answer.purpose_version);
    const tokens = await openTokens(vault, { tenantId, runId }, answer);
    const draft = draftOf({ runId, answer, purpose, registry, tokens, advisory, senior });
    const drafted = await callInTenant<Drafted>(database, tenantId, 'select app.record_draft($1, $2)', [
      runId,
      JSON.stringify(draft),
    ]);
    return {
      outcome: drafted.outcome,
      gates: drafted.gates.map((gate) => ({
        gateId: gate.gate_id,
        role: gate.role,
        wakeAt: gate.wake_at,
        wakesFor: gate.wakes_for,
        dueAt: gate.due_at,
      })),
    };
  };
}

/** The run's tokens with the values that they stand for. @throws Error when one does not open */
async function openTokens(
  vault: Vault,
  run: RunReference,
  { tokens, data_key: key }: LoadedAnswer,
): Promise<readonly ScrubToken[]> {
  const dataKey = key ? { keyId: key.master_key_id, bytes: Buffer.from(key.wrapped_key, 'hex') } : undefined;
  const values = await vault.open(
    run,
    dataKey,
    tokens.map(({ kind, sealed_value }) => ({ kind, sealed: Buffer.from(sealed_value, 'hex') })),
  );
  return tokens.map(({ token, kind }, at) => ({
    token,
    kind: kind as ScrubToken['kind'],
    value: values[at] ?? '',
    field: '',
  }));
}

interface DraftSource {
  readonly runId: string;
  readonly answer: LoadedAnswer;
  readonly purpose: Purpose;
  readonly registry: Registry;
  readonly tokens: readonly ScrubToken[];
  readonly advisory: 'available' | 'unavailable';
  readonly senior: boolean;
}

function draftOf(source: DraftSource): {
  advisory: AdvisoryState;
  ai_run_id: string | null;
  senior: boolean;
  items: readonly DraftItem[];
} {
  const { answer, purpose, advisory, senior } = source;
  const output = advisory === 'available' ? readOutput(purpose, answer.output) : undefined;
  const seen = seenDocument(answer);
  const made = (output?.proposals ?? []).map((proposal, ordinal) =>
    proposalItem(source, seen, proposal, ordinal),
  );
  const items = made.filter((item) => item !== undefined);
  const blocked =
    advisory === 'available' && (output === undefined || made.some((item) => item?.shown !== true));
  if (answer.compensation) items.push(compensationItem(source, answer.compensation));
  else if (advisory === 'unavailable' || blocked) items.push(manualItem(source, blocked));
  return {
    advisory: advisory === 'unavailable' ? 'unavailable' : blocked ? 'blocked' : 'available',
    ai_run_id: advisory === 'available' ? answer.ai_run_id : null,
    senior,
    items,
  };
}

/**
 * A proposal; kept from view when an eval blocks it, it names a token that is not of this run, or its payload does not fit
 * its record type. Undefined when it names a record type that the purpose may not propose.
 */
function proposalItem(
  source: DraftSource,
  seen: SeenDocument,
  proposal: ModelProposal,
  ordinal: number,
): DraftItem | undefined {
  const { answer, purpose, registry, tokens, senior } = source;
  const recordType = registry.recordType(proposal.record_type);
  if (!recordType || !purpose.recordTypes.includes(recordType.name)) return undefined;
  const failed = answer.failed_evals.filter((row) => row.ordinal === ordinal);
  const value = originalSources(JSON.parse(JSON.stringify(proposal)) as Json, seen, tokens);
  const restored = rehydrate({ value, tokens });
  const { payload, sources, missing } = restored.value as unknown as ModelProposal;
  const shown =
    !failed.some((row) => row.severity === 'block') &&
    restored.unknownTokens.length === 0 &&
    recordType.draft.safeParse(payload).success;
  const threshold = answer.policy.confidence_threshold_permille ?? purpose.confidenceThresholdPermille;
  return {
    kind: recordType.kind,
    record_type: recordType.name,
    payload: JSON.stringify(payload),
    confidence_permille: permilleOrNull(proposal.confidence_permille),
    shown,
    doubtful: senior || failed.length > 0 || proposal.confidence_permille < threshold,
    question: shown
      ? question(recordType, recordType.gate.question(payload, answer.tenant), {
          missing,
          sources,
          flags: failed.map(({ name, reason }) => ({ name, reason })),
        })
      : '',
    ...timed(recordType.gate, answer),
  };
}

function timed(terms: GateTiming, { tenant, now, policy }: LoadedAnswer): TimedGate {
  return {
    timing: timingOf(terms),
    timed_by_policy_version: policy.version,
    ...gateInstants(terms, tenant, now, policy.working_calendar),
  };
}

const WORDS_OF_A_CHOICE = {
  if_approved: 'What you write is recorded, as the record type that you choose.',
  if_rejected: 'Nothing is written.',
};

/** A gate that a person fills: hashed over run and input, because there is no proposal to hash. */
function manualItem({ runId, answer, purpose, registry }: DraftSource, blocked: boolean): DraftItem {
  const byHand = answer.by_hand_record_type;
  const recordType = registry.recordType(byHand ?? purpose.manual.recordType);
  if (!recordType) throw new Error('the manual record type of a purpose is not registered');
  const advisory = blocked ? 'AI advisory blocked' : 'AI advisory unavailable';
  const why = byHand === null ? `${advisory}, proceed manually` : 'To be recorded by hand';
  // Where nobody has said as what, whoever decides chooses among several types: then no words of one of them fit.
  const isChosen = byHand === null && purpose.recordTypes.length > 1;
  return {
    kind: 'manual',
    record_type: recordType.name,
    payload: JSON.stringify({ run_id: runId, input_hash: answer.input_hash }),
    confidence_permille: null,
    shown: true,
    doubtful: true,
    question: question(recordType, `${why}: ${purpose.title}`, {
      ...(isChosen ? WORDS_OF_A_CHOICE : {}),
      missing: isChosen ? [] : [...recordType.requiredFields],
      sources: [],
      flags: answer.failed_evals.map(({ name, reason }) => ({ name, reason })),
    }),
    ...timed(recordType.gate, answer),
  };
}

/** What a person proposes in place of a record that stands. */
function compensationItem(
  { answer, registry }: DraftSource,
  asked: NonNullable<LoadedAnswer['compensation']>,
): DraftItem {
  const recordType = registry.recordType(asked.record_type);
  if (!recordType) throw new Error('the record type of what is corrected is not registered');
  const { payload, ...words } = compensationWords(answer, asked, recordType);
  return {
    kind: 'manual',
    record_type: recordType.name,
    payload,
    confidence_permille: null,
    shown: true,
    doubtful: true,
    question: JSON.stringify({ ...words, missing: [], sources: [], flags: [] }),
    ...timed(recordType.gate, answer),
  };
}

function question(recordType: RecordType, text: string, rest: object): string {
  return JSON.stringify({
    question: text,
    if_approved: recordType.gate.ifApproved,
    if_rejected: recordType.gate.ifRejected,
    ...rest,
  });
}
