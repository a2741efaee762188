import {
  AGREEMENT_DAYS,
  AGREEMENT_DECIDED_MIN,
  BAND_FLOORS_PERMILLE,
  bandName,
} from '../../contract/policy/reviewer-agreement';
import type { Agreement, GateAgreement } from '../../contract/wire/agreement';
import type { Transaction } from '../../db/transaction';
import { digits } from './keyset';

/** What a gate shows of the model's agreement with reviewers; null while it is little, and where no model proposed. */
export async function readGateAgreement(
  transaction: Transaction,
  gateId: string,
): Promise<GateAgreement | null> {
  const found = await transaction.value<{
    readonly floor_permille: number;
    readonly agreed: string;
    readonly decided: string;
  } | null>('select app.gate_agreement($1, $2, $3, $4)', [
    gateId,
    BAND_FLOORS_PERMILLE,
    AGREEMENT_DAYS,
    AGREEMENT_DECIDED_MIN,
  ]);
  if (found === null) return null;
  return { band: bandName(found.floor_permille), agreed: found.agreed, decided: found.decided };
}

interface CellRow {
  readonly purpose: string;
  readonly vendor: string;
  readonly model: string;
  readonly floor_permille: number;
  readonly agreed: bigint;
  readonly edited: bigint;
  readonly rejected: bigint;
}

export interface AgreementFilter {
  readonly purpose?: string | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Agreement of the tenant's reviewers with models, exactly as decisions and gates say it now. */
export async function readAgreement(
  transaction: Transaction,
  { purpose, vendor, model, from, to }: AgreementFilter,
): Promise<Agreement['items']> {
  const rows = await transaction.rows<CellRow>(
    'select * from app.reviewer_agreement($1, $2, $3, $4, $5, $6)',
    [BAND_FLOORS_PERMILLE, purpose ?? null, vendor ?? null, model ?? null, from ?? null, to ?? null],
  );
  return rows.map((row) => ({
    purpose: row.purpose,
    vendor: row.vendor,
    model: row.model,
    band: bandName(row.floor_permille),
    agreed: digits(row.agreed),
    edited: digits(row.edited),
    rejected: digits(row.rejected),
    decided: digits(row.agreed + row.edited + row.rejected),
  }));
}
