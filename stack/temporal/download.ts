import { TestWorkflowEnvironment } from '@temporalio/testing';

/*
 * `node download.js <dev-server|test-server> <folder>`: has the SDK download one of its servers into the folder. The
 * SDK does that only while it starts one, so the server is started and ended at once.
 */

async function main(): Promise<void> {
  const [kind, downloadDir] = process.argv.slice(2);
  if (downloadDir === undefined) throw new Error('Give the kind of server and the folder.');
  const executable = { type: 'cached-download', downloadDir } as const;
  const environment =
    kind === 'test-server'
      ? await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
      : await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
