/**
 * What a pack is made of. A pack (a folder or a package) declares purposes and record types as data plus a few pure
 * functions; the engine registers them at start by name, version and content hash. Packs import this file and zod only.
 */
import type { z } from 'zod';
import type { SeatRole, SeatRule } from './policy/seats';
import type { Disposition, RecordClass, Role } from './states';

/** Kinds of identifier that the scrubber replaces by a token such as `<patient_token_…>`. */
export const TOKEN_KINDS = [
  'person',
  'patient',
  'provider',
  'place',
  'organisation',
  'date',
  'birth_date',
  'age',
  'phone',
  'fax',
  'email',
  'ssn',
  'mrn',
  'health_plan',
  'account',
  'licence',
  'vehicle',
  'device',
  'url',
  'ip',
  'biometric',
  'photo',
  'code',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/**
 * What may leave the perimeter, by field. A field that is not listed is dropped.
 * - `pass`: as it is (enumerations, numbers, dates that the purpose needs)
 * - `text`: free text; recognisers and the tenant's known values replace identifiers in it by tokens. Dates finer than a
 *   year and towns are among them unless the field declares that they `pass`, as those of a farm's events do; birth dates
 *   and street addresses never pass
 * - `tokenise`: the whole value becomes one token of the kind
 */
export type FieldRule =
  | { readonly rule: 'pass' }
  | { readonly rule: 'text'; readonly dates?: 'pass'; readonly places?: 'pass' }
  | { readonly rule: 'tokenise'; readonly kind: TokenKind };

/** Dotted paths; `[]` stands for every element of an array, e.g. `documents[].text`. */
export type AllowList = Readonly<Record<string, FieldRule>>;

/** A model as the vendor matrix and the prices know it. */
export interface ModelRef {
  readonly vendor: string;
  readonly model: string;
  readonly region: string;
}

/** A span that supports a claim: of the input (`field`), or of a retrieved passage (`passage_id`). Offsets in UTF-16 units. */
export interface SourceSpan {
  readonly field?: string | undefined;
  readonly passage_id?: string | undefined;
  readonly receipt_id?: string | undefined;
  readonly page?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly quote?: string | undefined;
}

/** One record that the model would write. `missing` names the fields that it did not dare to fill. */
export interface ModelProposal {
  readonly record_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Per mille, 0 to 1000. */
  readonly confidence_permille: number;
  readonly sources: readonly SourceSpan[];
  readonly missing: readonly string[];
}

/** What every model answers with, whatever the purpose; a purpose's `output` schema may narrow it. */
export interface ModelOutput {
  readonly proposals: readonly ModelProposal[];
  /** Per mille, 0 to 1000. */
  readonly confidence_permille: number;
  /** Where the confidence comes from, e.g. "share of criteria settled by a verified fact". */
  readonly confidence_origin: string;
}

export interface Passage {
  readonly id: string;
  readonly source_type: 'memory' | 'document' | 'convo_summary';
  readonly text: string;
}

/** Facts of the tenant that prompts and questions may use. */
export interface TenantFacts {
  readonly id: string;
  readonly kind: 'farm' | 'hospital';
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly time_zone: string;
  /** Named places, e.g. "House 3", "Pond 1". */
  readonly places: readonly string[];
}

/** Everything that a prompt is built of. The input is already scrubbed; which tenant asks is nobody's business outside. */
export interface PromptContext {
  readonly tenant: Omit<TenantFacts, 'id'>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly passages: readonly Passage[];
}

/** `user` is one JSON document `{"purpose", "tenant", "input", "passages"}`; instructions are in `system` alone. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
}

export type Separation = 'none' | 'second_person' | 'n_of_m';

/**
 * When a tenant works, in its own time zone. Where it says so, gates count in it: days are working days, hours working
 * hours; weeks and longer are the calendar's, and end when work begins next.
 */
export interface WorkingCalendar {
  /** ISO: 1 is Monday, 7 Sunday. */
  readonly weekdays: readonly number[];
  /** `08:00`. */
  readonly from: string;
  /** `17:30`; `24:00` is the end of the day. */
  readonly to: string;
  /** Days on which nobody works, `2026-12-25`. */
  readonly holidays: readonly string[];
}

/** When a gate acts by itself. Durations are ISO 8601 (`P3D`, `PT4H`), counted in the tenant's time zone. */
export interface GateTiming {
  /** One reminder, or several (none: `[]`). */
  readonly reminderAfter: string | readonly string[];
  /** Roles that are added, each after a duration from the opening. */
  readonly chain: readonly { readonly after: string; readonly role: Role }[];
  readonly expiresAfter: string;
}

/** How a gate asks. */
export interface GateTerms extends GateTiming {
  /** In words, by the payload and the tenant: "Record the sale of 30 crates of eggs for ₦45,000.00?" */
  readonly question: (payload: Readonly<Record<string, unknown>>, tenant: TenantFacts) => string;
  readonly ifApproved: string;
  readonly ifRejected: string;
  readonly role: Role;
  readonly seats: number;
  /** A role for some of the seats, e.g. one `senior` of two; the others ask `role`. */
  readonly seatRoles?: readonly SeatRole[];
  /**
   * From an amount on, at least so many seats, and these roles among them. Needs `amount` of the record type. A tenant's
   * own rules add to these, and nothing takes one away.
   */
  readonly seatRules?: readonly SeatRule[];
  readonly separation: Separation;
  /** `text`: a rationale in words is required of approvals and rejections; `reason_code`: one tap is enough. */
  readonly rationale: 'text' | 'reason_code';
  /** What a reason in words consists of; as one likes, where there are none. */
  readonly rationaleParts?: readonly RationalePart[];
  readonly reasonCodes: readonly string[];
  /** Dispositions that an approval must choose from; none when empty. */
  readonly dispositions: readonly Disposition[];
}

/**
 * A part of a reason in words, e.g. the conditions of a grant: what is asked, in the words of `prompt`. The first part of a gate
 * is asked of every verdict, so that approving and rejecting cost the same.
 */
export interface RationalePart {
  readonly name: string;
  readonly prompt: string;
  /** Asked only with these dispositions. */
  readonly dispositions?: readonly Disposition[];
}

export type Effect = 'record' | 'privilege_grant' | 'trust_fact' | 'advice' | 'memory';

export interface RecordType {
  readonly name: string;
  readonly version: number;
  readonly class: RecordClass;
  readonly kind: 'draft' | 'recommendation';
  readonly effect: Effect;
  /** What may be proposed: fields that the model left open are absent or null. */
  readonly draft: z.ZodType<Record<string, unknown>>;
  /** What may be written: the complete record. */
  readonly record: z.ZodType<Record<string, unknown>>;
  /** Top-level fields without which the database refuses the effect. */
  readonly requiredFields: readonly string[];
  /** Top-level field that names whom the record is about: the same as its run, or the database refuses it. */
  readonly subjectField?: string;
  /**
   * Top-level fields that say what a record is about in money: minor units as digits, and the currency. What is in another
   * currency than the tenant's, or can't be read, counts as more than any threshold.
   */
  readonly amount?: { readonly field: string; readonly currencyField?: string };
  readonly gate: GateTerms;
}

/** Result of one rule-based eval. `block` hides the proposal and opens a manual gate; `flag` shows a warning. */
export interface EvalResult {
  readonly verdict: 'pass' | 'fail';
  readonly severity: 'block' | 'flag';
  /** A short sentence without content of the run. */
  readonly reason: string;
}

export interface EvalContext {
  readonly tenant: TenantFacts;
  /** As the model saw it, i.e. scrubbed. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly passages: readonly Passage[];
  readonly output: ModelOutput;
  readonly proposal: ModelProposal;
  readonly recordType: RecordType | undefined;
}

/** A named, versioned, pure function over one proposal. */
export interface Eval {
  readonly name: string;
  readonly version: number;
  readonly evaluate: (context: EvalContext) => EvalResult;
  /**
   * What it is about. `record` (where it says nothing): what would be recorded, whoever wrote it; so what a reviewer edits is
   * asked it too, over the input as it was given. `reading`: how the model read what it was given, which a person who knows
   * better is not asked.
   */
  readonly judges?: 'record' | 'reading';
}

export interface Purpose {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  /** Validates the request's `input`. */
  readonly input: z.ZodType<Record<string, unknown>>;
  /** A complete example of `input`, for the docs and the page of the purpose. */
  readonly example: Readonly<Record<string, unknown>>;
  readonly allowList: AllowList;
  /** Field of the input whose scrubbed text is embedded to find passages; none when absent. */
  readonly queryField?: string;
  readonly prompt: (context: PromptContext) => Prompt;
  readonly output: z.ZodType<ModelOutput>;
  readonly recordTypes: readonly string[];
  readonly evals: readonly Eval[];
  readonly model: ModelRef;
  readonly advisor?: ModelRef;
  readonly bounds: {
    readonly maxInputTokens: number;
    readonly maxOutputTokens: number;
    readonly maxPromptCharacters: number;
  };
  /** Credits a billed call costs. */
  readonly price: { readonly primary: number; readonly advisor: number };
  /** Below it the advisor is asked, and then the senior role. Per mille. */
  readonly confidenceThresholdPermille: number;
  /** Carries protected health information: the matrix demands agreement and zero retention. */
  readonly phi: boolean;
  /**
   * The record type whose class and gate a manual gate of this purpose has: the strictest of them, since whoever decides
   * there may choose each that asks for no more.
   */
  readonly manual: { readonly recordType: string };
  /** Path in the input that names the person whom the run is about, if any: that person holds no seat. */
  readonly subjectField?: string;
  /**
   * Path in the input of the tenant's own stable id of that person. A purpose that declares it starts no run without one;
   * the id is frozen on the run, and names the member even where the input leaves `subjectField` out.
   */
  readonly subjectIdField?: string;
}

/** A fact that every tenant's runs may be shown, in the pack's own words, with the public source that it rests on. */
export interface KnowledgeItem {
  /** By which it is known from one version of the pack to the next, e.g. `farm.feed.calcium`. */
  readonly name: string;
  /** Of the source. */
  readonly title: string;
  readonly publisher: string;
  /** Public, from `https://` on. */
  readonly address: string;
  readonly text: string;
}

export interface Pack {
  readonly name: string;
  readonly purposes: readonly Purpose[];
  readonly recordTypes: readonly RecordType[];
  readonly knowledge?: readonly KnowledgeItem[];
}

/** Declares a purpose. Returns it as it is; exists so that a pack's file reads as a declaration and is type-checked. */
export function definePurpose(purpose: Purpose): Purpose {
  return purpose;
}

/** Declares a record type: class, gate and effect belong to it, never to the caller. */
export function defineRecordType(recordType: RecordType): RecordType {
  return recordType;
}

/** Declares a rule-based eval. */
export function defineEval(declared: Eval): Eval {
  return declared;
}

/** Declares shared knowledge. */
export function defineKnowledge(items: readonly KnowledgeItem[]): readonly KnowledgeItem[] {
  return items;
}

/** Declares a pack. */
export function definePack(pack: Pack): Pack {
  return pack;
}
