import type { Prompt, TenantFacts, WorkingCalendar } from '../contract/pack';
import type { Database } from '../db/pool';
import { callInTenant } from '../db/transaction';
import type { SeenDocument } from './original-sources';
import type { RunReference } from './run-reference';

/** What `app.load_answer` gives: the answer that rules, and what stands around it. Content. */
export interface LoadedAnswer {
  readonly state: string;
  readonly withdrawn: boolean;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly input: Record<string, unknown>;
  readonly input_hash: string;
  /** What a person records in place of a run that was refused; null for every other run. */
  readonly by_hand_record_type: string | null;
  /** Of a run that corrects or undoes a record: which act, and what the record says. */
  readonly compensation: {
    readonly act: 'correct' | 'undo';
    readonly record_type: string;
    /** JSON, as it is stored. */
    readonly payload: string;
  } | null;
  readonly prompt: string | null;
  readonly ai_run_id: string | null;
  readonly kind: 'primary' | 'advisor' | null;
  readonly output: string | null;
  readonly now: string;
  readonly tenant: TenantFacts;
  readonly policy: {
    readonly require_advisor_for_low_confidence: boolean;
    readonly confidence_threshold_permille: number | null;
    readonly version: number;
    readonly working_calendar: WorkingCalendar | null;
  };
  readonly tokens: readonly {
    readonly token: string;
    readonly kind: string;
    readonly sealed_value: string;
  }[];
  /** Under which the tokens' values are sealed; null where it stands before each of them. */
  readonly data_key: { readonly master_key_id: string; readonly wrapped_key: string } | null;
  readonly failed_evals: readonly {
    readonly ordinal: number;
    readonly name: string;
    readonly severity: 'block' | 'flag';
    readonly reason: string;
  }[];
}

export async function loadAnswer(
  database: Database,
  { tenantId, runId }: RunReference,
): Promise<LoadedAnswer> {
  return await callInTenant<LoadedAnswer>(database, tenantId, 'select app.load_answer($1)', [runId]);
}

/** What the model saw, from the prompt as it was sent: by contract, its user part is one JSON document. */
export function seenDocument(answer: Pick<LoadedAnswer, 'prompt'>): SeenDocument {
  if (answer.prompt === null) return { input: {}, passages: [] };
  const { user } = JSON.parse(answer.prompt) as Prompt;
  const { input, passages } = JSON.parse(user) as SeenDocument;
  return { input, passages };
}
