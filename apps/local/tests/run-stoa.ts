import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openDatabase } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import type { BootedMarket } from "./boot-market.ts";
import { chainProblems } from "./chain-problems.ts";

export const ROOT = join(import.meta.dirname, "..", "..", "..");

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of the checkout's to its end, on a market's data. */
export async function runProgram(
  { dataFolder }: Pick<BootedMarket, "dataFolder">,
  script: string,
  args: readonly string[],
  stdin = "",
): Promise<Ran> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    env: { ...process.env, STOA_DATA: dataFolder, NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(stdin);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

/** Runs the command line to its end, on a market's data. */
export function runStoa(booted: Pick<BootedMarket, "dataFolder">, args: readonly string[], stdin = ""): Promise<Ran> {
  return runProgram(booted, "apps/cli/bin/stoa.mjs", args, stdin);
}

/** The embedded database is open once: the server is killed, what it left is looked at, and it is started again. */
export async function problemsAfterKill({ market, dataFolder }: BootedMarket): Promise<string[]> {
  await market.server.kill();
  const found = await (async () => {
    await using database = await openDatabase({ folder: join(dataFolder, "database") });
    return [...(await ledgerProblems(database)), ...(await chainProblems(market, database))];
  })();
  await market.restartServer();
  return found;
}
