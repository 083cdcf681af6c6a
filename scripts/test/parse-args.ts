export interface TestArgs {
  /** The one stage to run. */
  only: string | undefined;
  /** Handed to vitest as they are. */
  filters: string[];
}

/** Splits the command line of `npm test`: `--only STAGE` is ours, all else is vitest's. */
export function parseArgs(args: readonly string[]): TestArgs {
  const at = args.findIndex((arg) => arg === "--only" || arg.startsWith("--only="));
  if (at < 0) return { only: undefined, filters: [...args] };
  const inline = args[at]?.split("=")[1];
  const only = inline ?? args[at + 1] ?? "";
  return { only, filters: args.toSpliced(at, inline === undefined ? 2 : 1) };
}
