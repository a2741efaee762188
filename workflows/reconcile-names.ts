/** Names of the reconciler for whoever starts or looks at it without loading the workflow. */
export const RECONCILE_WORKFLOW = 'reconcile';
export const RECONCILE_SCHEDULE = 'countersign-reconcile';
