import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../process-identity';
import { PART_NAMES, type StackState } from '../state-file';
import { START, away, fail, ok, type Found } from './check';

/** The oldest Node that package.json allows. */
const NODE_MIN = { major: 20, minor: 19 };

/** @param version as in `process.versions.node` */
export function checkNode(version: string = process.versions.node): Found {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < NODE_MIN.major || (major === NODE_MIN.major && minor < NODE_MIN.minor);
  if (!isOld) return ok(`Node ${version}`);
  const least = `${NODE_MIN.major}.${NODE_MIN.minor}`;
  return fail(`Node ${version} is older than ${least}`, `install Node ${least} or newer`);
}

export function checkBuild(): Found {
  const folders = [join(__dirname, '..', '..'), join(__dirname, '..', '..', 'dist')];
  const isBuilt = folders.some((folder) => existsSync(join(folder, 'workflow-bundle.js')));
  return isBuilt ? ok('compiled, workflows bundled') : fail('not built', 'npm run build');
}

/**
 * Whether what is noted in a data folder runs.
 * @param isElsewhere whether the API that is asked is another's, so that nothing needs to run here
 */
export function checkProcesses(home: string, state: StackState | undefined, isElsewhere: boolean): Found {
  if (isElsewhere) return ok('not looked at: the API that is asked is that of COUNTERSIGN_URL');
  if (state === undefined) return away(`no stack is noted in ${home}`, START);
  if (!isRunning(state.supervisor)) {
    const left = Object.values(state.processes).filter((identity) => isRunning(identity));
    if (left.length === 0) return away(`the stack on ${home} does not run`, START);
    return away(
      `the stack on ${home} was killed, and ${left.length} parts that it left still run`,
      `${START}, which ends them first`,
    );
  }
  // A part that crashed, or was halted, has no process until it is up again.
  const down = state.parts.filter((part) => {
    const identity = state.processes[part];
    return identity === undefined || !isRunning(identity);
  });
  if (down.length === 0) return ok(`${Object.keys(state.processes).length} parts run`);
  const logs = down.map((part) => join(home, 'logs', `${part}.log`)).join(', ');
  return away(
    `${down.map((part) => PART_NAMES[part]).join(', ')} does not run`,
    `it is started again by itself; when that does not help, read ${logs}`,
  );
}
