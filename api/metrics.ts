export interface Metrics {
  count(
    request: { readonly route: string; readonly method: string; readonly status: number },
    ms: number,
  ): void;
  /** In the text format of Prometheus. */
  text(): string;
}

const BUCKETS_MS = [10, 50, 100, 500, 1_000, 5_000, 30_000] as const;

/** Counts requests by the route's template, and how long they took. No label tells of a tenant, a person or an id. */
export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const buckets = new Map<string, number[]>();
  const sums = new Map<string, number>();
  return {
    count({ route, method, status }, ms) {
      const name = `method="${method}",route="${route}"`;
      const labels = `${name},status="${status}"`;
      requests.set(labels, (requests.get(labels) ?? 0) + 1);
      sums.set(name, (sums.get(name) ?? 0) + ms);
      const counts = buckets.get(name) ?? [...BUCKETS_MS.map(() => 0), 0];
      const place = BUCKETS_MS.findIndex((most) => ms <= most);
      const index = place === -1 ? BUCKETS_MS.length : place;
      counts[index] = (counts[index] ?? 0) + 1;
      buckets.set(name, counts);
    },

    text() {
      const lines = ['# TYPE countersign_http_requests_total counter'];
      for (const [labels, count] of requests)
        lines.push(`countersign_http_requests_total{${labels}} ${count}`);
      lines.push('# TYPE countersign_http_request_ms histogram');
      for (const [name, counts] of buckets) lines.push(...histogram(name, counts, sums.get(name) ?? 0));
      lines.push('# TYPE process_resident_memory_bytes gauge');
      lines.push(`process_resident_memory_bytes ${process.memoryUsage.rss()}`, '');
      return lines.join('\n');
    },
  };
}

function histogram(name: string, counts: readonly number[], sum: number): string[] {
  let total = 0;
  const lines = counts.map((count, index) => {
    total += count;
    return `countersign_http_request_ms_bucket{${name},le="${BUCKETS_MS[index] ?? '+Inf'}"} ${total}`;
  });
  return [
    ...lines,
    `countersign_http_request_ms_sum{${name}} ${Math.round(sum)}`,
    `countersign_http_request_ms_count{${name}} ${total}`,
  ];
}
