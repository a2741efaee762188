import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/**
 * Bundles the compiled workflows, once at build time, so that a worker loads one file and starts quickly.
 * @param file where the bundle goes; appears as a whole, since a worker may be loading the one before
 */
async function writeWorkflowBundle(file: string): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(__dirname, '..', 'workflows', 'index.js'),
    logger: new DefaultLogger('WARN'),
  });
  const draft = `${file}.draft`;
  await writeFile(draft, code);
  await rename(draft, file);
}

if (require.main === module) {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error('bundle.js needs the name of the file to write');
  void writeWorkflowBundle(file);
}
