import { type CliEnv, readEnv } from "./config.ts";
import { createTerminal, type Terminal, type TextOutput } from "./terminal/terminal.ts";

/** The process's surroundings, given so that a test may stand in for a terminal. */
export interface CliIo {
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdin: NodeJS.ReadableStream;
  stdout: TextOutput;
  stderr: TextOutput;
}

/** What every command works with. */
export interface Cli {
  readonly env: CliEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadableStream;
  readonly terminal: Terminal;
  /** One JSON document on standard output, nothing for people. */
  readonly json: boolean;
  /** Aborted by Ctrl-C. */
  readonly abort: AbortController;
  /** With which code the command ends when nothing throws; null until it has decided. */
  exitCode: number | null;
}

/** Options every command takes. */
export interface GlobalOptions {
  url?: string;
  apiKey?: string;
  walletKeyFile?: string;
  walletPassphraseFile?: string;
  rpcUrl?: string;
  home?: string;
  gasless?: boolean;
  json?: boolean;
}

/** Puts together what a command works with. */
export function createCli(args: readonly string[], io: Partial<CliIo> = {}): Cli {
  const {
    env = process.env,
    cwd = process.cwd(),
    stdin = process.stdin,
    stdout = process.stdout,
    stderr = process.stderr,
  } = io;
  const cliEnv = readEnv(env);
  const ended = args.indexOf("--");
  return {
    env: cliEnv,
    cwd,
    stdin,
    // Known before parsing, so that a mistake in the arguments is told as JSON too.
    json: args.slice(0, ended < 0 ? undefined : ended).includes("--json"),
    terminal: createTerminal({ stdout, stderr, wantsColour: cliEnv.NO_COLOR === undefined }),
    abort: new AbortController(),
    exitCode: null,
  };
}
