/** What starts and decides a floor run; no workflow code, so that clients may load it. */
export const FLOOR_WORKFLOW = 'floor';
export const FLOOR_QUEUE = 'countersign-bench-floor';
export const FLOOR_DECIDE = 'decide';
