/** Templates of labelled texts: what a set is made of, and how a text with its labels is made from one. */

/** The eighteen classes of 45 CFR 164.514(b)(2)(i); dates and ages over 89, one class of the rule, are counted apart. */
export const CLASSES = [
  'name',
  'place',
  'date',
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
export type IdentifierClass = (typeof CLASSES)[number];

export interface TemplateSet {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  readonly streets: readonly string[];
  readonly towns: readonly string[];
  readonly templates: readonly string[];
  /** Texts without an identifier, which a careless recogniser takes for one. */
  readonly negatives: readonly string[];
}
