const WAIT_SECONDS_MAX = 30;

/** How long the caller would wait for an answer (RFC 7240): `Prefer: wait=10`. At most 30 seconds; 0 without it. */
export function waitSeconds(prefer: string | undefined): number {
  const [, digits] = /(?:^|[,;\s])wait\s*=\s*"?([0-9]{1,6})"?(?=$|[,;\s])/i.exec(prefer ?? '') ?? [];
  return digits === undefined ? 0 : Math.min(Number(digits), WAIT_SECONDS_MAX);
}
