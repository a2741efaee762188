import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, isGrpcServiceError, type Connection } from '@temporalio/client';
import { choiceSetting } from '../../environment/setting';
import { withConnection } from './namespace';

/** Under this name Temporal knows the product's workers, whichever build they are of. */
export const DEPLOYMENT = 'countersign';

const BUNDLE = 'workflow-bundle.js';
const BUILD_CHARACTERS = 16;
/** Status codes of gRPC. */
const GRPC_NOT_FOUND = 5;
const GRPC_FAILED_PRECONDITION = 9;

/** Of the product's workers as Temporal knows them. */
export interface ReleaseFacts {
  /** Whose workflows runs go on with; null until somebody has said so, and then nothing runs. */
  readonly current: string | null;
  readonly builds: readonly {
    readonly build: string;
    readonly created_at: string | null;
    /** Runs that were last at work on this build. Those that wait go on with the current one when they next wake. */
    readonly runs: number;
  }[];
}

/**
 * Whether workers say which build of the workflows they are (`COUNTERSIGN_WORKER_VERSIONING`): then Temporal gives tasks to
 * the current build alone, and a run that waits moves to it when it wakes.
 */
export function isVersioned(): boolean {
  return choiceSetting('COUNTERSIGN_WORKER_VERSIONING', ['off', 'auto_upgrade'], 'off') === 'auto_upgrade';
}

/** The workflows as they were built. @throws Error when they were not */
export function builtWorkflows(): string {
  const folder = join(__dirname, '..', '..');
  const beside = join(folder, BUNDLE);
  const built = existsSync(beside) ? beside : join(folder, 'dist', BUNDLE);
  if (!existsSync(built)) throw new Error(`${built} is missing: build the project first (npm run build).`);
  return readFileSync(built, 'utf8');
}

/** What tells one build of the workflows from another: equal code is the same build, wherever it was built. */
export function buildOf(workflows: string): string {
  return createHash('sha256').update(workflows).digest('hex').slice(0, BUILD_CHARACTERS);
}

/** Which builds have had workers, and which is the current one. @throws Error when the server does not answer */
export async function readRelease(address: string, namespace: string): Promise<ReleaseFacts> {
  return await withConnection(address, (connection) => facts(connection, namespace));
}

/**
 * Makes a build the one that runs go on with. Its workers must have polled, or Temporal does not know it.
 * @throws Error when the server does not answer, or knows no such build
 */
export async function makeCurrent(address: string, namespace: string, build: string): Promise<ReleaseFacts> {
  return await withConnection(address, async (connection) => {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName: DEPLOYMENT,
        buildId: build,
        identity: 'countersign build',
      });
    } catch (error) {
      if (!hasCode(error, GRPC_NOT_FOUND, GRPC_FAILED_PRECONDITION)) throw error;
      throw new Error(
        `Temporal knows no build ${build}: start a worker of it with COUNTERSIGN_WORKER_VERSIONING=auto_upgrade first.`,
        { cause: error },
      );
    }
    return await facts(connection, namespace);
  });
}

async function facts(connection: Connection, namespace: string): Promise<ReleaseFacts> {
  const known = await describe(connection, namespace);
  const client = new Client({ connection, namespace });
  return {
    current: known?.routingConfig?.currentDeploymentVersion?.buildId ?? null,
    builds: await Promise.all(
      (known?.versionSummaries ?? []).map(async ({ deploymentVersion, createTime }) => {
        const build = deploymentVersion?.buildId ?? '';
        const query = `TemporalWorkerDeploymentVersion="${DEPLOYMENT}:${build}" AND ExecutionStatus="Running" AND WorkflowType="run"`;
        return {
          build,
          created_at: createTime?.seconds ? new Date(Number(createTime.seconds) * 1_000).toISOString() : null,
          runs: (await client.workflow.count(query)).count,
        };
      }),
    ),
  };
}

async function describe(connection: Connection, namespace: string) {
  try {
    const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName: DEPLOYMENT,
    });
    return workerDeploymentInfo;
  } catch (error) {
    if (hasCode(error, GRPC_NOT_FOUND)) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return isGrpcServiceError(error) && codes.includes(error.code);
}
