import { createHash } from 'node:crypto';
import { z } from 'zod';
import { seatTerms } from '../contract/policy/seats';
import type { KnowledgeItem, Pack, Prompt, PromptContext, Purpose, RecordType } from '../contract/pack';

/** Purposes and record types of all packs, by name. */
export interface Registry {
  readonly purposes: readonly Purpose[];
  readonly recordTypes: readonly RecordType[];
  /** @throws Error when this version of the purpose is not in any pack */
  purpose(name: string, version: number): Purpose;
  /** The newest version, or undefined. */
  latestPurpose(name: string): Purpose | undefined;
  recordType(name: string): RecordType | undefined;
  /** What all packs share with every tenant. */
  readonly knowledge: readonly KnowledgeItem[];
}

/**
 * Puts packs together.
 * @throws Error when two packs declare the same name (and version), or a purpose names a record type that none declares
 */
export function createRegistry(packs: readonly Pack[]): Registry {
  const purposes = new Map<string, Purpose>();
  const latest = new Map<string, Purpose>();
  const recordTypes = new Map<string, RecordType>();
  for (const recordType of packs.flatMap((pack) => pack.recordTypes)) {
    if (recordTypes.has(recordType.name)) throw new Error(`record type ${recordType.name} is declared twice`);
    recordTypes.set(recordType.name, recordType);
  }
  for (const purpose of packs.flatMap((pack) => pack.purposes)) {
    const key = `${purpose.name} ${purpose.version}`;
    if (purposes.has(key)) throw new Error(`purpose ${key} is declared twice`);
    for (const name of [...purpose.recordTypes, purpose.manual.recordType]) {
      if (!recordTypes.has(name))
        throw new Error(`purpose ${purpose.name} names the unknown record type ${name}`);
    }
    purposes.set(key, purpose);
    const newest = latest.get(purpose.name);
    if (!newest || newest.version < purpose.version) latest.set(purpose.name, purpose);
  }
  return {
    purposes: [...purposes.values()],
    recordTypes: [...recordTypes.values()],
    knowledge: knowledgeOf(packs),
    purpose(name, version) {
      const found = purposes.get(`${name} ${version}`);
      if (!found) throw new Error(`no pack declares purpose ${name} version ${version}`);
      return found;
    },
    latestPurpose: (name) => latest.get(name),
    recordType: (name) => recordTypes.get(name),
  };
}

/** @throws Error when a name stands for two facts */
function knowledgeOf(packs: readonly Pack[]): readonly KnowledgeItem[] {
  const items = packs.flatMap(({ knowledge = [] }) => knowledge);
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) throw new Error(`knowledge ${name} is declared twice`);
    names.add(name);
  }
  return items;
}

/** A record type as `app.register_record_type` takes it. */
export function recordTypeRow(recordType: RecordType): Record<string, unknown> {
  const { gate } = recordType;
  const definition = {
    version: recordType.version,
    draft: jsonSchema(recordType.draft),
    record: jsonSchema(recordType.record),
    if_approved: gate.ifApproved,
    if_rejected: gate.ifRejected,
    reminder_after: gate.reminderAfter,
    chain: gate.chain,
    expires_after: gate.expiresAfter,
    ...(gate.rationaleParts === undefined ? {} : { rationale_parts: gate.rationaleParts }),
    ...(recordType.subjectField === undefined ? {} : { subject_field: recordType.subjectField }),
    ...seatDefinition(recordType),
  };
  const row = {
    name: recordType.name,
    class: recordType.class,
    kind: recordType.kind,
    effect: recordType.effect,
    required_fields: recordType.requiredFields,
    role: gate.role,
    seats: gate.seats,
    separation: gate.separation,
    rationale_rule: gate.rationale,
    reason_codes: gate.reasonCodes,
    dispositions: gate.dispositions,
    definition,
  };
  return { ...row, content_hash: contentHash(row) };
}

/**
 * What a record type declares of amounts and seats beyond their number; nothing where it declares none, so that what was
 * registered before keeps its hash.
 * @throws Error when the rules can't be followed
 */
function seatDefinition({ name, amount, gate }: RecordType): Record<string, unknown> {
  const { seatRoles = [], seatRules = [] } = gate;
  const terms = seatTerms({ role: gate.role, seats: gate.seats, seatRoles }, seatRules, null);
  const isPossible =
    seatRoles.length <= gate.seats &&
    terms.length <= 9 &&
    seatRules.every((rule) => rule.roles.length <= rule.seats && /^[0-9]{1,18}$/.test(rule.from_minor)) &&
    (amount !== undefined || seatRules.every((rule) => BigInt(rule.from_minor) === 0n));
  if (!isPossible) throw new Error(`the seats of record type ${name} can't be asked as it declares them`);
  return {
    ...(amount === undefined
      ? {}
      : { amount: { field: amount.field, currency_field: amount.currencyField ?? null } }),
    ...(seatRoles.length === 0 ? {} : { seat_roles: seatRoles }),
    ...(seatRules.length === 0 ? {} : { seat_rules: seatRules }),
  };
}

/** A purpose as `app.register_purpose` takes it. Its content hash covers its schemas, rules and prompt. */
export function purposeRow(purpose: Purpose): Record<string, unknown> {
  const definition = {
    title: purpose.title,
    input: jsonSchema(purpose.input),
    output: jsonSchema(purpose.output),
    example: purpose.example,
    allow_list: purpose.allowList,
    query_field: purpose.queryField ?? null,
    subject_field: purpose.subjectField ?? null,
    ...(purpose.subjectIdField === undefined ? {} : { subject_id_field: purpose.subjectIdField }),
    max_prompt_characters: purpose.bounds.maxPromptCharacters,
    evals: purpose.evals.map(({ name, version }) => ({ name, version })),
    prompt: samplePrompt(purpose),
  };
  const row = {
    name: purpose.name,
    version: purpose.version,
    vendor: purpose.model.vendor,
    model: purpose.model.model,
    region: purpose.model.region,
    advisor_vendor: purpose.advisor?.vendor ?? null,
    advisor_model: purpose.advisor?.model ?? null,
    advisor_region: purpose.advisor?.region ?? null,
    max_input_tokens: purpose.bounds.maxInputTokens,
    max_output_tokens: purpose.bounds.maxOutputTokens,
    price_primary: purpose.price.primary,
    price_advisor: purpose.price.advisor,
    confidence_threshold_permille: purpose.confidenceThresholdPermille,
    phi: purpose.phi,
    manual_record_type: purpose.manual.recordType,
    record_types: purpose.recordTypes,
    definition,
  };
  return { ...row, content_hash: contentHash(row) };
}

/** Rows of all record types and purposes, as they are registered and verified. */
export function packRows(registry: Registry): {
  readonly recordTypes: readonly Record<string, unknown>[];
  readonly purposes: readonly Record<string, unknown>[];
} {
  return {
    recordTypes: registry.recordTypes.map(recordTypeRow),
    purposes: registry.purposes.map(purposeRow),
  };
}

const SAMPLE_TENANT: PromptContext['tenant'] = {
  kind: 'farm',
  currency: 'USD',
  time_zone: 'UTC',
  places: [],
};

/** The prompt of the purpose's own example: its words are hashed and not its code, which compilers may write differently. */
function samplePrompt(purpose: Purpose): Prompt {
  return purpose.prompt({ tenant: SAMPLE_TENANT, input: purpose.example, passages: [] });
}

function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function contentHash(row: unknown): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('hex');
}
