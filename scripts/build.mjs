// Compiles the project into dist/ and bundles the workflows. Does nothing when no source has changed since the last
// build that went through; builds of one checkout wait for one another.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './build-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stampFile = join(dist, '.build-stamp');
const bundleFile = join(dist, 'workflow-bundle.js');
const bundleStampFile = join(dist, '.workflow-bundle-stamp');
const NOT_SOURCES = new Set(['node_modules', 'dist', 'tests', 'coverage']);

requireNode();
if (stampOf(stampFile) !== sourceStamp()) process.exitCode = await withLock(join(dist, '.build.lock'), build);

/** Every command of package.json begins here: an older Node would end at some line of ours, without saying why. */
function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const least = engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = least.split('.').map(Number);
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  process.stderr.write(`This is Node ${process.versions.node}: install Node ${least} or newer.\n`);
  process.exit(1);
}

/** @returns {Promise<number>} the status to exit with */
async function build() {
  const stamp = sourceStamp();
  if (stampOf(stampFile) === stamp) return 0;
  // A file that vanished from dist would be missed by an incremental compilation.
  if (!existsSync(stampFile)) rmSync(join(dist, '.build.tsbuildinfo'), { force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const compiled = await run(process.execPath, [tsc, '--project', join(root, 'tsconfig.build.json')]);
  removeOrphans();
  // In spite of errors tsc has written its output; a bundle of an older state beside it would be worse than both.
  const bundled = await bundleWorkflows();
  const status = compiled === 0 ? bundled : compiled;
  if (status === 0) writeFileSync(stampFile, stamp);
  return status;
}

/** Bundling takes seconds, so it is done only when the code that goes into the bundle has changed. */
async function bundleWorkflows() {
  const script = join(dist, 'worker', 'bundle.js');
  if (!existsSync(script) || !existsSync(join(dist, 'workflows', 'index.js'))) return 0;
  const inputs = [script, join(root, 'package-lock.json')];
  for (const folder of ['workflows', 'contract']) {
    inputs.push(...files(join(dist, folder)).filter((file) => file.endsWith('.js')));
  }
  const hash = createHash('sha256');
  for (const file of inputs) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  const stamp = hash.digest('hex');
  if (existsSync(bundleFile) && stampOf(bundleStampFile) === stamp) return 0;
  const status = await run(process.execPath, [script, bundleFile]);
  if (status === 0) writeFileSync(bundleStampFile, stamp);
  return status;
}

/** Compiled files whose source is gone would still be found by whoever imports them. */
function removeOrphans() {
  for (const file of files(dist)) {
    const source = relative(dist, file).replace(/(\.js|\.js\.map|\.d\.ts)$/, '.ts');
    if (!source.endsWith('.ts') || existsSync(join(root, source)) || file === bundleFile) continue;
    rmSync(file, { force: true });
  }
}

/** What a build depends on: names, sizes and times of all sources and of what compiles them. */
function sourceStamp() {
  const sources = readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCES.has(entry.name) || entry.name.startsWith('.')) return [];
    const path = join(root, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
  const hash = createHash('sha256');
  for (const file of sources.sort()) {
    if (!/(\.ts|\.mjs|tsconfig.*\.json|package-lock\.json)$/.test(file)) continue;
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @returns {Promise<number>} */
async function run(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}
