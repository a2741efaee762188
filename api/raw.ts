import type { Metrics } from './metrics';
import type { RawRouteName } from './handlers/table';
import { schemaState } from '../db/schema-state';
import { docsPage } from './docs';
import { openApi } from './openapi';
import type { RawHandler, Serving } from './serve-route';
import { streamEvents } from './stream-events';

/** Addresses that answer by themselves. */
export function rawHandlers(serving: Serving, metrics: Metrics): Readonly<Record<RawRouteName, RawHandler>> {
  const { api } = serving;
  const document = openApi();
  const page = docsPage(document);
  return {
    'events.stream': streamEvents(serving),

    healthz: async ({ response }) => {
      response.json({ status: 'ok', parts: { api: 'ok' } });
    },

    readyz: async ({ response }) => {
      const [schema, isTemporalThere] = await Promise.all([
        schemaState(api.database),
        api.workflows.isReachable(),
      ]);
      const isDatabaseThere = schema === 'current';
      const isReady = isDatabaseThere && isTemporalThere && !serving.draining.aborted;
      response.status(isReady ? 200 : 503).json({
        status: isReady ? 'ok' : 'unavailable',
        parts: { database: part(isDatabaseThere), temporal: part(isTemporalThere) },
      });
    },

    metrics: async ({ response }) => {
      response.type('text/plain; version=0.0.4').send(metrics.text());
    },

    openapi: async ({ response }) => {
      response.json(document);
    },

    docs: async ({ response }) => {
      response.type('text/html').send(page);
    },
  };
}

function part(isThere: boolean): 'ok' | 'unavailable' {
  return isThere ? 'ok' : 'unavailable';
}
