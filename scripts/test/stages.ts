import type { Tally } from "./tally.ts";
import { readTally } from "./tally.ts";
import { runNode } from "./run-node.ts";
import { runVitest } from "./run-vitest.ts";

export interface TestRun {
  root: string;
  filters: readonly string[];
  /** In the environment of every process the run starts, so that one left behind is known. */
  runId: string;
  /** The sessions of the processes started so far: what lives on in one was left behind, whatever its environment. */
  sessions: Set<number>;
  signal: AbortSignal;
}

export interface Stage {
  name: string;
  about: string;
  /** Whether words on the command line choose among its tests; a stage they do not concern is left out. */
  filtered: boolean;
  run: (run: TestRun) => Promise<Tally>;
}

/** What `npm test` runs, in order: the quick and pure first. */
export const stages: readonly Stage[] = [
  { name: "check", about: "lint, format, types, arrows", filtered: false, run: counting("scripts/check.ts") },
  { name: "pure", about: "decisions and laws, in threads", filtered: true, run: (run) => runVitest("pure", run) },
  {
    name: "contracts",
    about: "Solidity under forge",
    filtered: false,
    run: counting("contracts/scripts/forge-test.ts"),
  },
  {
    name: "service",
    about: "real processes, databases, chains and sockets",
    filtered: true,
    run: (run) => runVitest("service", run),
  },
];

function counting(script: string): Stage["run"] {
  return async (run) => {
    const { output, code } = await runNode(run, [script]);
    return readTally(output, code);
  };
}
