import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The compiled file of one of the stack's own processes (`pglite/main` …). Processes are always started from the
 * build, also when this module itself runs from its source in a test.
 *
 * @throws Error when the project is not built
 */
export function builtEntry(name: string): string {
  const beside = join(__dirname, `${name}.js`);
  const built = existsSync(beside) ? beside : join(__dirname, '..', 'dist', 'stack', `${name}.js`);
  if (!existsSync(built)) throw new Error(`${built} is missing: build the project first (npm run build).`);
  return built;
}
