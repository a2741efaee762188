import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const SOURCE_MAP = '//# sourceMappingURL=';
/** A worker insists on a source map; that of months ago would point at files which have changed since. */
const EMPTY_MAP = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };

/** Keeps the workflows that were just built with the histories of a release. */
function keepBundle(version: string): void {
  const folder = join('tests', 'histories', version);
  const code = readFileSync(join('dist', 'workflow-bundle.js'), 'utf8');
  const map = Buffer.from(JSON.stringify(EMPTY_MAP)).toString('base64');
  const bare = `${code.slice(0, code.lastIndexOf(SOURCE_MAP))}${SOURCE_MAP}data:application/json;charset=utf-8;base64,${map}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'workflow-bundle.js.gz'), gzipSync(bare, { level: 9 }));
}

const [, , version] = process.argv;
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  process.stderr.write('Say which release: npm run histories:bundle -- 1.2.3\n');
  process.exitCode = 2;
} else {
  keepBundle(version);
}
