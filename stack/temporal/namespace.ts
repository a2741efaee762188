import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { msToNumber, msToTs, optionalTsToMs } from '@temporalio/common/lib/time';

/** The namespace that the product's workflows live in, so that its retention and attributes are its own. */
export const TEMPORAL_NAMESPACE = 'countersign';

/** How long Temporal keeps a closed run's history; Postgres keeps the run itself. */
export const RETENTION_DAYS = 30;

const RETENTION_MS = msToNumber(`${RETENTION_DAYS} days`);

type SearchAttributeKind = 'Keyword' | 'Datetime';

/** What operations may search runs by: ids, enums and times, never content. */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, SearchAttributeKind>> = {
  CountersignTenant: 'Keyword',
  CountersignPurpose: 'Keyword',
  CountersignState: 'Keyword',
  CountersignGateRole: 'Keyword',
  CountersignDue: 'Datetime',
};

/** Finds the runs, and not the reconciler's workflows, of which there is one a minute. */
export const RUNS_QUERY = 'WorkflowType="run"';

/** Temporal's own numbers for these kinds (IndexedValueType). */
const KIND_NUMBERS = { Keyword: 2, Datetime: 6 } as const;

export interface NamespaceFacts {
  readonly serverVersion: string;
  readonly retentionDays: number;
  /** Search attributes of ours that the namespace does not have, or has with another kind. */
  readonly searchAttributesMissing: readonly string[];
}

/** The status code of gRPC. */
const GRPC_NOT_FOUND = 5;

const CALL_MS_MAX = 5_000;

/** Reads what the product needs to know of a server. @throws Error when it does not answer or lacks the namespace */
export async function readNamespace(address: string, namespace: string): Promise<NamespaceFacts> {
  return await withConnection(address, (connection) => facts(connection, namespace));
}

/**
 * Waits until a server answers, registers the namespace where it is missing, gives it our retention and the search
 * attributes that it lacks, and reads both back.
 *
 * @param giveUp asked between attempts; a sentence ends the waiting (the server's process died)
 * @throws Error when it does not answer within `withinMs`, or does not keep what was set
 */
export async function prepareNamespace(
  address: string,
  namespace: string,
  withinMs: number,
  giveUp: () => string | undefined = () => undefined,
): Promise<NamespaceFacts> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await withConnection(address, (connection) => prepare(connection, namespace));
    } catch (error) {
      const reason = giveUp();
      if (reason !== undefined) throw new Error(reason, { cause: error });
      if (performance.now() > deadline) {
        const said = error instanceof Error ? error.message : String(error);
        throw new Error(
          `Temporal at ${address} was not ready within ${withinMs / 1_000} s (${said}): see that it is up, and that TEMPORAL_ADDRESS names it.`,
          { cause: error },
        );
      }
      await sleep(100);
    }
  }
}

async function prepare(connection: Connection, namespace: string): Promise<NamespaceFacts> {
  const before = await facts(connection, namespace).catch(async (error: unknown) => {
    if (!isNamespaceNotFound(error)) throw error;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(RETENTION_MS),
    });
    return await facts(connection, namespace);
  });
  if (before.retentionDays !== RETENTION_DAYS) {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(RETENTION_MS) },
    });
  }
  const missing = before.searchAttributesMissing.map(
    (name) => [name, KIND_NUMBERS[SEARCH_ATTRIBUTES[name] ?? 'Keyword']] as const,
  );
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing),
    });
  }
  // A search goes through every part of the server that a run needs, and fails until it knows the attributes.
  await connection.workflowService.countWorkflowExecutions({
    namespace,
    query: 'CountersignTenant = "a" AND CountersignDue < "2000-01-01T00:00:00Z"',
  });
  const after = await facts(connection, namespace);
  if (after.retentionDays !== RETENTION_DAYS || after.searchAttributesMissing.length > 0) {
    throw new Error(`namespace ${namespace} did not keep its retention and search attributes`);
  }
  return after;
}

/** Whether a server answered that it does not have the namespace. */
export function isNamespaceNotFound(error: unknown): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return code === GRPC_NOT_FOUND;
}

async function facts(connection: Connection, namespace: string): Promise<NamespaceFacts> {
  const [info, described, attributes] = await Promise.all([
    connection.workflowService.getSystemInfo({}),
    connection.workflowService.describeNamespace({ namespace }),
    connection.operatorService.listSearchAttributes({ namespace }),
  ]);
  const retentionMs = optionalTsToMs(described.config?.workflowExecutionRetentionTtl) ?? 0;
  const present = attributes.customAttributes;
  return {
    serverVersion: info.serverVersion,
    retentionDays: retentionMs / msToNumber('1 day'),
    searchAttributesMissing: Object.entries(SEARCH_ATTRIBUTES)
      .filter(([name, kind]) => Number(present[name]) !== KIND_NUMBERS[kind])
      .map(([name]) => name),
  };
}

/** Uses a connection of its own for one thing, which must be done soon. @throws Error when nobody answers */
export async function withConnection<T>(
  address: string,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_MS_MAX });
  try {
    return await connection.withDeadline(Date.now() + CALL_MS_MAX, () => use(connection));
  } finally {
    await connection.close();
  }
}
