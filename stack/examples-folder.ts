import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of example input, beside the sources in development and beside `dist` in a build.
 *
 * @throws Error when it was not found
 */
export function examplesFolder(): string {
  const folders = [join(__dirname, '..', 'examples'), join(__dirname, '..', '..', 'examples')];
  const found = folders.find((folder) => existsSync(join(folder, 'packets', 'facts.json')));
  if (found === undefined) throw new Error('The folder examples/ was not found beside the program.');
  return found;
}
