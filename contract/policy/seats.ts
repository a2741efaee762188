import type { RecordClass, TenantKind } from '../states';

export type SeparationRule = 'none' | 'second_person' | 'n_of_m';

/**
 * The separation that a gate asks for: its record type's, and never less than a second person for privileging,
 * credentialing, hiring, and for what is clinical in a hospital.
 */
export function separationOf(
  declared: SeparationRule,
  recordClass: RecordClass,
  tenantKind: TenantKind,
): SeparationRule {
  if (declared !== 'none') return declared;
  const alwaysSecond =
    recordClass === 'privileging' ||
    recordClass === 'credentialing' ||
    recordClass === 'hiring' ||
    (recordClass === 'clinical' && tenantKind === 'hospital');
  return alwaysSecond ? 'second_person' : 'none';
}
