/** How many streams there may be, and how long each may take over things. */
export interface StreamBounds {
  readonly streamsMax: number;
  /** Of one key: a page that is open ten times is enough. */
  readonly streamsOfKeyMax: number;
  /** How long a reader may take none of what waits for it. */
  readonly stalledMsMax: number;
  /** So often something is sent, so that whoever stands in between keeps the connection. */
  readonly heartbeatMs: number;
}

export const STREAM_BOUNDS: StreamBounds = {
  streamsMax: 200,
  streamsOfKeyMax: 10,
  stalledMsMax: 10_000,
  heartbeatMs: 15_000,
};
