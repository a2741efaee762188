/** What every step is told of its run. */
export interface RunReference {
  readonly tenantId: string;
  readonly runId: string;
}
