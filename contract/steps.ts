/** The nine steps of a run, in order. Workflow, README, Temporal's current details and the tests all derive from this. */
export const STEPS = [
  'reserve',
  'scrub',
  'invoke',
  'evaluate',
  'draft',
  'await',
  'decide',
  'settle',
  'audit',
] as const;

export type Step = (typeof STEPS)[number];
