/*
 * The process of a real worker, from the built code, whose activities stop at an exact instant when they are told to: a
 * file `<activity>.<before|after>.<id>` in FAULTS_FOLDER says `kill` (the process kills itself, once) or `hold` (the
 * activity waits until the file is gone); `any` in place of an id means whichever comes. Before is before the activity's
 * body; after is after its commit in the database and before its completion has reached Temporal. That it happened is
 * told by a file `….met` beside it.
 */
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const process = require('node:process');
const { setTimeout: sleep } = require('node:timers/promises');
const { serve } = require('../../dist/worker/serve.js');

const LOOK_MS = 10;
const { FAULTS_FOLDER, FAULTS_TASK_QUEUE } = process.env;

/** Whoever started this process holds the other end of its stdin: it never outlives its starter. */
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
// Read, but no reason to stay.
process.stdin.resume().unref();

function wrap(activities) {
  return Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      async (argument) => {
        await meet(name, 'before', argument);
        const answer = await run(argument);
        await meet(name, 'after', argument);
        return answer;
      },
    ]),
  );
}

async function meet(name, moment, { runId, intentId } = {}) {
  const order = [intentId ?? runId, 'any']
    .map((id) => join(FAULTS_FOLDER, `${name}.${moment}.${id}`))
    .find((file) => existsSync(file));
  if (order === undefined) return;
  if (readFileSync(order, 'utf8') === 'kill') {
    renameSync(order, `${order}.met`);
    process.kill(process.pid, 'SIGKILL');
  }
  writeFileSync(`${order}.met`, '');
  while (existsSync(order)) await sleep(LOOK_MS);
}

serve({ wrap, taskQueue: FAULTS_TASK_QUEUE }).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
