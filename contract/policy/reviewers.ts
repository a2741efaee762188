/** What is told of reviewers: of so much time, and from where on something is a sign. What agreement is stands in core.reviewed_gates. */

/** An approval that took less can hardly have been read: a sign of a rubber stamp, not a proof. */
export const QUICK_SECONDS = 10;

/** From this confidence on a model counts as sure, and overriding it as something to look at: the last band of agreement. */
export const SURE_PERMILLE = 900;

/** Without a beginning, so many days are looked at. */
export const REVIEWERS_DAYS = 30;

/** The longest time that is looked at in one question, so that its work is bounded. */
export const REVIEWERS_DAYS_MAX = 400;
