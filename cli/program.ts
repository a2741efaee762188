import { Command, CommanderError, Option } from 'commander';
import { CountersignError } from '../client/error';
import { addAgreementCommand } from './commands/agreement';
import { addBookCommands } from './commands/books';
import { addContentCommands } from './commands/contents';
import { addDelegationCommands } from './commands/delegations';
import { addDocumentCommands } from './commands/documents';
import { addDumpCommands } from './commands/dump';
import { addEvalCommands } from './commands/evals';
import { addGateCommands } from './commands/gates';
import { addMatrixCommands } from './commands/matrix';
import { addPeopleCommands } from './commands/people';
import { addPurposeCommands } from './commands/purposes';
import { addReviewersCommand } from './commands/reviewers';
import { addReviewCommands } from './commands/reviews';
import { addBuildCommands } from './commands/build';
import { addReplayCommands } from './commands/replays';
import { addQueueCommands } from './commands/queue';
import { addRecordCommands } from './commands/records';

import { addRunCommands } from './commands/runs';
import { addSettingCommands } from './commands/settings';
import { addSubjectCommands } from './commands/subjects';
import { addStackCommands } from './commands/stack';
import { addVaultCommands } from './commands/vault';
import { addWorkCommand } from './commands/work';
import { addWebhookCommands } from './commands/webhooks';
import { EXIT, EXIT_HELP, exitCodeOf } from './exit-codes';

/** The `countersign` command. */
export function createProgram(): Command {
  const program = new Command('countersign')
    .description('AI operates, humans decide: governed runs from the command line.')
    .addOption(new Option('--url <url>', 'where the API is').env('COUNTERSIGN_URL'))
    .addOption(new Option('--key <key>', 'the key to ask with; COUNTERSIGN_KEY by default'))
    .option('--as <person>', 'a seeded person of the stack that runs here: owner, hand, staff, senior …')
    .option('--home <folder>', 'the data folder; COUNTERSIGN_HOME, else .countersign')
    .option('--json', 'print one JSON document')
    .addHelpText('after', EXIT_HELP)
    .showHelpAfterError('(countersign --help lists the commands)')
    .exitOverride();
  addSubjectCommands(program);
  addStackCommands(program);
  addVaultCommands(program);
  addBuildCommands(program);
  addDumpCommands(program);
  addEvalCommands(program);
  addRunCommands(program);
  addReplayCommands(program);
  addGateCommands(program);
  addRecordCommands(program);
  addQueueCommands(program);
  addWorkCommand(program);
  addDelegationCommands(program);
  addBookCommands(program);
  addReviewCommands(program);
  addReviewersCommand(program);
  addAgreementCommand(program);
  addPeopleCommands(program);
  addSettingCommands(program);
  addMatrixCommands(program);
  addPurposeCommands(program);
  addContentCommands(program);
  addDocumentCommands(program);
  addWebhookCommands(program);
  return program;
}

/** Runs a command line. Sets the exit status and never throws. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = createProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    process.exitCode = exitCodeOf(error);
    const isJson = program.opts<{ json?: boolean }>().json === true;
    process.stderr.write(`${isJson ? JSON.stringify(errorDocument(error)) : errorText(error)}\n`);
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof CountersignError)) return error instanceof Error ? error.message : String(error);
  const { problem } = error;
  const changed = problem?.changed ?? [];
  const now = Object.entries(problem?.now ?? {}).filter(([, value]) => value !== null);
  const details = [
    ...(problem?.errors ?? []).map(({ pointer, message }) => `${pointer}: ${message}`),
    ...(changed.length === 0 ? [] : [`changed: ${changed.join(', ')}`]),
    ...(error.status === 409 ? now.map(([name, value]) => `${name}: ${JSON.stringify(value)}`) : []),
  ];
  return [`${error.message} (${error.code})`, ...details].join('\n  ');
}

function errorDocument(error: unknown): unknown {
  if (error instanceof CountersignError)
    return error.problem ?? { code: error.code, title: error.message, retryable: error.retryable };
  return { code: 'failed', title: error instanceof Error ? error.message : String(error) };
}
