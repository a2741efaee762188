import type { Command } from 'commander';
import type { Client } from '../client/index';
import { connect, type ConnectOptions } from './connect';
import type { Output } from './output';

interface CommonOptions extends ConnectOptions {
  readonly json?: boolean;
}

/** What a command works with. */
export interface Context {
  readonly options: CommonOptions;
  readonly output: Output;
  client(): Client;
}

/** The context of a command, from the options that all commands have. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<CommonOptions>();
  return {
    options,
    output: {
      isJson: options.json === true,
      line: (text) => void process.stdout.write(`${text}\n`),
    },
    client: () => connect(options),
  };
}
