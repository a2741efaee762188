import { z } from 'zod';
import { amountsInWords, readAmounts, type Measures } from '../contract/amounts';
import type { EvalContext, Passage, RecordType, TenantFacts } from '../contract/pack';
import type { DecisionRequest } from '../contract/wire/decision';
import type { Transaction } from '../db/transaction';
import type { Api } from './context';
import { canonicalJson } from './http/json-text';
import { validate } from './http/validate';
import { ApiProblem } from './problem';
import type { GateRow } from './reads/gates';
import { readQuestions } from './reads/questions';

type Payload = Readonly<Record<string, unknown>>;

/**
 * The record as a reviewer edited it, in the one text that is stored: a second seat must approve the same. It is of its record
 * type, and passes the evals that would have blocked it as a model's.
 * @throws ApiProblem `edits_invalid` or `edits_blocked`, which says where and why
 */
export async function checkedEdits(
  api: Api,
  transaction: Transaction,
  gate: GateRow,
  request: Pick<DecisionRequest, 'edits' | 'record_type'>,
): Promise<string | null> {
  const { edits } = request;
  if (edits === undefined) return null;
  const name = writtenType(gate, request);
  // Of no type that the gate offers: the database refuses it by the type, and not by what it lacks of another one.
  if (name === undefined) return canonicalJson(edits);
  const record = await readRecord(api, transaction, name, edits, '/edits');
  // Where a person writes the whole record there is nothing of a model's to judge it by.
  if (!gate.manual) await judge(api, transaction, gate, record);
  return canonicalJson(record);
}

/** What an approval writes: what it names of the types that the gate offers, the only one of them, or what the gate asks about. */
function writtenType(
  gate: GateRow,
  { record_type: named }: Pick<DecisionRequest, 'record_type'>,
): string | undefined {
  const { record_type: asked, record_types: offered } = gate;
  if (named !== undefined) return offered.find((name) => name === named);
  if (offered.length > 1) return undefined;
  return offered[0] ?? asked;
}

/**
 * A complete record that a person wrote, its amounts read in the tenant's currency and measures.
 * @throws ApiProblem `edits_invalid`, with what does not fit and where
 */
export async function readRecord(
  api: Api,
  transaction: Transaction,
  recordTypeName: string,
  written: Payload,
  pointer: string,
): Promise<Record<string, unknown>> {
  const recordType = api.registry.recordType(recordTypeName);
  if (recordType === undefined) throw new ApiProblem('record_type_unknown');
  const read = readAmounts(written, fieldsOf(recordType), await readTenant(transaction));
  if ('errors' in read) {
    const errors = read.errors.map(({ field, message }) => ({ pointer: `${pointer}/${field}`, message }));
    throw new ApiProblem('edits_invalid', { errors });
  }
  return validate(recordType.record, read.payload, pointer, 'edits_invalid');
}

const fieldNames = new WeakMap<RecordType, ReadonlySet<string>>();

/** Names of the fields of a record type at its top; none for one that has several shapes. */
function fieldsOf(recordType: RecordType): ReadonlySet<string> {
  const known = fieldNames.get(recordType);
  if (known !== undefined) return known;
  const { properties = {} } = z.toJSONSchema(recordType.record, { io: 'input', unrepresentable: 'any' });
  const names = new Set(Object.keys(properties));
  fieldNames.set(recordType, names);
  return names;
}

/** The tenant as packs and amounts know it. */
export async function readTenant(transaction: Transaction): Promise<TenantFacts & Measures> {
  const [tenant] = await transaction.rows<TenantFacts & Measures>(
    'select id, kind, currency, units, time_zone, places from app.tenant_list where id = app.tenant()',
  );
  if (tenant === undefined) throw new ApiProblem('internal');
  return tenant;
}

/** Amounts of a payload in the tenant's currency and measures, by field. */
export async function readableAmounts(
  transaction: Transaction,
  payloads: readonly (Payload | null)[],
): Promise<Record<string, string>[]> {
  if (payloads.every((payload) => payload === null || !hasAmounts(payload))) return payloads.map(() => ({}));
  const tenant = await readTenant(transaction);
  return payloads.map((payload) => (payload === null ? {} : amountsInWords(payload, tenant)));
}

function hasAmounts(payload: Payload): boolean {
  return Object.keys(payload).some((field) => /_(?:minor|grams)$/.test(field));
}

/**
 * Judges an edited record by the evals of its purpose that block, over the input as it was given and the passages as they stand:
 * no token stands there for a name that the reviewer saw. Evals of a model's reading are not asked, since a person may know
 * better than the note.
 * @throws ApiProblem `edits_blocked`, with the evals' names and reasons
 */
async function judge(api: Api, transaction: Transaction, gate: GateRow, record: Payload): Promise<void> {
  const { purpose: name, run_id: runId } = gate;
  const [run] = await transaction.rows<{ purpose_version: number; input: Record<string, unknown> }>(
    'select r.purpose_version, i.input from app.runs r join app.run_input_content i on i.id = r.id where r.id = $1',
    [runId],
  );
  if (run === undefined) throw new ApiProblem('run_not_found');
  const purpose = api.registry.purpose(name, run.purpose_version);
  const evals = purpose.evals.filter(({ judges = 'record' }) => judges === 'record');
  if (evals.length === 0) return;
  const confidence = gate.confidence_permille ?? 0;
  const sources = (await readQuestions(transaction, [gate.id])).get(gate.id)?.sources ?? [];
  const proposal: EvalContext['proposal'] = {
    record_type: gate.record_type,
    payload: record,
    confidence_permille: confidence,
    sources,
    missing: [],
  };
  const context: EvalContext = {
    tenant: await readTenant(transaction),
    input: run.input,
    passages: await readPassages(transaction, runId),
    output: {
      proposals: [proposal],
      confidence_permille: confidence,
      confidence_origin: 'the proposal that was edited',
    },
    proposal,
    recordType: api.registry.recordType(gate.record_type),
  };
  const blocking = evals.flatMap((one) => {
    const { verdict, severity, reason } = one.evaluate(context);
    return verdict === 'fail' && severity === 'block' ? [{ name: one.name, reason }] : [];
  });
  if (blocking.length > 0) throw new ApiProblem('edits_blocked', { evals: blocking });
}

/** What the run's prompt showed of documents, as they are; one that was deleted since is not there any more. */
async function readPassages(transaction: Transaction, runId: string): Promise<Passage[]> {
  return await transaction.rows<Passage>(
    `select p.id, p.source_type, p.text from app.run_passages r join app.passages_content p on p.id = r.passage_id
     where r.run_id = $1 order by r.ordinal`,
    [runId],
  );
}
