import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder';
import { findOnPath, runCommand, type Progress } from '../command';
import { setting } from '../../environment/setting';
import { downloadThroughSdk, newestDownload } from './sdk-download';

/** The Java release of the test server, and the oldest Java that runs it. */
const TEST_SERVER_VERSION = '1.38.0';
const JAVA_MIN = 11;

/** The logging that the test server brings an interface for; without a silent one it warns at each start. */
const LOGGING_VERSION = '1.7.36';

const MAIN_CLASS = 'io.temporal.testserver.TestServer';
const MAVEN_MS_MAX = 10 * 60_000;

/**
 * Makes the time-skipping test server available as an executable, for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 * In this order: the program named by `COUNTERSIGN_TEST_SERVER`, what was made available before, the SDK's own
 * download, and a wrapper around the Java release, fetched with Maven.
 *
 * @returns the executable's path
 * @throws Error that says what was tried and what to install
 */
export async function timeSkippingServer(progress: Progress = () => undefined): Promise<string> {
  const named = setting('COUNTERSIGN_TEST_SERVER');
  if (named !== undefined) return named;
  const ours = cacheFolder('bin');
  const wrapper = join(cacheFolder('lib'), `temporal-test-server-${TEST_SERVER_VERSION}`, 'run');
  const kept = newestDownload('test-server', ours) ?? newestDownload('test-server', tmpdir());
  if (kept !== undefined) return kept;
  if (existsSync(wrapper)) return wrapper;
  const tried: string[] = [];
  try {
    return await downloadThroughSdk('test-server', ours, progress);
  } catch (error) {
    tried.push(error instanceof Error ? error.message : String(error));
  }
  try {
    await wrapJavaRelease(join(wrapper, '..'), progress);
    return wrapper;
  } catch (error) {
    tried.push(error instanceof Error ? error.message : String(error));
  }
  throw new Error(
    `No time-skipping test server is available (${tried.join('; ')}). Install Java ${JAVA_MIN} or newer and Maven, ` +
      'or set COUNTERSIGN_TEST_SERVER to an executable.',
  );
}

async function wrapJavaRelease(target: string, progress: Progress): Promise<void> {
  const java = findOnPath('java');
  const maven = findOnPath('mvn');
  if (java === undefined || maven === undefined)
    throw new Error('there is no Java with Maven to run it with');
  const said = await runCommand(java, ['--version'], { withinMs: 20_000 });
  const major = Number(/(\d+)/.exec(said)?.[0] ?? 0);
  if (major < JAVA_MIN) throw new Error(`Java ${major} is too old`);
  progress(`Fetching the time-skipping test server ${TEST_SERVER_VERSION} with Maven (about 30 MB, once)`);
  const started = performance.now();
  const draft = mkdtempSync(join(cacheFolder('lib'), 'draft-'));
  try {
    const libraries = join(draft, 'jars');
    mkdirSync(libraries);
    writeFileSync(join(draft, 'pom.xml'), projectFile());
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${libraries}`];
    await runCommand(maven, ['--quiet', '--batch-mode', '--file', join(draft, 'pom.xml'), ...copy], {
      withinMs: MAVEN_MS_MAX,
      cwd: draft,
      whileRunning: {
        everyMs: 10_000,
        tell: (seconds) => progress(`Maven is still fetching (${seconds} s)`),
      },
    });
    // The folder of the script is looked up when it runs, since it is moved into place below.
    const script = `#!/bin/sh\nexec java -cp "$(dirname "$0")/jars/*" ${MAIN_CLASS} "$@"\n`;
    writeFileSync(join(draft, 'run'), script, { mode: 0o755 });
    moveIntoPlace(draft, target);
    progress(`The test server is ready (${Math.round((performance.now() - started) / 1_000)} s)`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Another process may have fetched the same release meanwhile; the first one wins. */
function moveIntoPlace(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function projectFile(): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>countersign</groupId><artifactId>test-server</artifactId><version>1</version>
<dependencies><dependency>
<groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId>
<version>${TEST_SERVER_VERSION}</version>
</dependency><dependency>
<groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>${LOGGING_VERSION}</version>
</dependency></dependencies></project>
`;
}
