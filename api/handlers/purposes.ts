import type { Purpose } from '../../contract/wire/purpose';
import type { Transaction } from '../../db/transaction';
import { asCaller, type Handler } from '../context';
import { ApiProblem } from '../problem';
import { digits, readPage } from '../reads/keyset';

interface PurposeRow {
  readonly name: string;
  readonly version: number;
  readonly definition: {
    readonly title: string;
    readonly input: Record<string, unknown>;
    readonly example: Record<string, unknown>;
  };
  readonly vendor: string;
  readonly model: string;
  readonly region: string;
  readonly advisor_vendor: string | null;
  readonly advisor_model: string | null;
  readonly advisor_region: string | null;
  readonly max_input_tokens: bigint;
  readonly max_output_tokens: bigint;
  readonly price_primary: bigint;
  readonly price_advisor: bigint;
  readonly confidence_threshold_permille: number;
  readonly phi: boolean;
  readonly manual_record_type: string;
  readonly registered_at: string;
  readonly record_types: readonly string[];
}

type RecordType = Purpose['record_types'][number];
type RecordTypeRow = Omit<RecordType, 'record_schema'> & {
  readonly definition: { readonly record: Record<string, unknown> };
};

/** The newest version of each. */
const SELECT_NEWEST =
  'select * from (select distinct on (name) * from app.purposes order by name, version desc) purposes';

export const listPurposes: Handler<'purposes.list'> = async (api, { caller, query }) => {
  const body = await asCaller(api, caller, async (transaction) => {
    const page = await readPage<PurposeRow>(
      transaction,
      { list: 'purposes', select: SELECT_NEWEST, order: [['name', 'text']], direction: 'asc' },
      query,
    );
    return { items: await withRecordTypes(transaction, page.items), next_cursor: page.next_cursor };
  });
  return { status: 200, body };
};

export const getPurpose: Handler<'purposes.get'> = async (api, { caller, params }) => {
  const [purpose] = await asCaller(api, caller, async (transaction) =>
    withRecordTypes(
      transaction,
      await transaction.rows<PurposeRow>(`${SELECT_NEWEST} where name = $1`, [params.name]),
    ),
  );
  if (purpose === undefined) throw new ApiProblem('purpose_unknown');
  return { status: 200, body: purpose };
};

async function withRecordTypes(transaction: Transaction, rows: readonly PurposeRow[]): Promise<Purpose[]> {
  const names = [...new Set(rows.flatMap((row) => [...row.record_types, row.manual_record_type]))];
  const types = await transaction.rows<RecordTypeRow>(
    'select * from app.record_types where name = any ($1::text[])',
    [names],
  );
  const typeByName = new Map(types.map((type) => [type.name, toRecordType(type)]));
  return rows.map((row) =>
    toPurpose(
      row,
      row.record_types.flatMap((name) => typeByName.get(name) ?? []),
    ),
  );
}

function toRecordType(row: RecordTypeRow): RecordType {
  return {
    name: row.name,
    class: row.class,
    kind: row.kind,
    effect: row.effect,
    required_fields: row.required_fields,
    role: row.role,
    seats: row.seats,
    separation: row.separation,
    rationale_rule: row.rationale_rule,
    reason_codes: row.reason_codes,
    dispositions: row.dispositions,
    record_schema: row.definition.record,
  };
}

function toPurpose(row: PurposeRow, recordTypes: RecordType[]): Purpose {
  const { advisor_vendor: vendor, advisor_model: model, advisor_region: region } = row;
  return {
    name: row.name,
    version: row.version,
    title: row.definition.title,
    input_schema: row.definition.input,
    example: row.definition.example,
    model: { vendor: row.vendor, model: row.model, region: row.region },
    advisor: vendor === null || model === null || region === null ? null : { vendor, model, region },
    max_input_tokens: digits(row.max_input_tokens),
    max_output_tokens: digits(row.max_output_tokens),
    price: { primary_credits: digits(row.price_primary), advisor_credits: digits(row.price_advisor) },
    confidence_threshold: row.confidence_threshold_permille,
    phi: row.phi,
    manual_record_type: row.manual_record_type,
    record_types: recordTypes,
    registered_at: row.registered_at,
  };
}
