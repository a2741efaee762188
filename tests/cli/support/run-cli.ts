import { EXIT } from '../../../cli/exit-codes';
import { runProgram } from '../../../cli/program';

export interface CliResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** What was printed on stdout, as JSON. */
  json(): unknown;
}

/** Runs a command line of `countersign` in this process, with nothing of this process's own settings. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const kept = { ...process.env };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  for (const name of Object.keys(process.env))
    if (/^(COUNTERSIGN|TEMPORAL|DATABASE_URL)/.test(name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  process.exitCode = undefined;
  try {
    await runProgram(args);
    const status = process.exitCode ?? EXIT.ok;
    return { status, out: out.join(''), err: err.join(''), json: () => JSON.parse(out.join('')) as unknown };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    process.env = kept;
  }
}
