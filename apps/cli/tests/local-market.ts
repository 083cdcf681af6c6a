import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { localAccount } from "@stoa/chain";
import { startServer, toConfig } from "@stoa/server";
import { type MarketChain, startMarketChain } from "@stoa/testkit";
import { toHex } from "viem";

const BIN = fileURLToPath(new URL("../bin/stoa.mjs", import.meta.url));
const DAY_SECONDS = 86_400;

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A chain and a server of a test's own, and the real command line beside them. */
export interface LocalMarket extends AsyncDisposable {
  url: string;
  /** Of the wallet that runs the market, and is its admin. */
  operatorKeyFile: string;
  chain: MarketChain;
  folder: string;
  /** Runs `stoa` to its end with a profile folder of this name. */
  stoa(
    home: string,
    args: readonly string[],
    options?: { stdin?: string; env?: Record<string, string> },
  ): Promise<Ended>;
  /** Starts `stoa` and leaves it running until the test ends or `stop` is called. */
  startStoa(home: string, args: readonly string[]): RunningCommand;
}

export interface RunningCommand {
  stdout: () => string;
  stop(): Promise<number | null>;
  /** Ends it as a closed terminal or a crash would, without a word. */
  kill(): Promise<void>;
}

/** Starts a chain and a server; what is started with it ends with it. */
export async function startLocalMarket(): Promise<LocalMarket> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-cli-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const chain = stack.use(
    await startMarketChain({ blockTimeSeconds: 1, parameters: { withdrawDelay: DAY_SECONDS, challengeWindow: 600 } }),
  );
  const operatorKeyFile = join(folder, "operator.key");
  const { privateKey } = localAccount(0).getHdKey();
  await writeFile(operatorKeyFile, toHex(privateKey ?? new Uint8Array()), { mode: 0o600 });
  const config = toConfig({
    STOA_DATA: join(folder, "data"),
    STOA_PORT: "0",
    STOA_RPC_URL: chain.anvil.rpcUrl,
    STOA_PUBLISH_RPC: "yes",
    STOA_VAULT: chain.market.vault,
    STOA_TOKEN: chain.market.token,
    STOA_VAULT_BLOCK: String(chain.market.deployedAtBlock),
    STOA_CHAIN_CONFIRMATIONS: "1",
    STOA_PAYMASTER: chain.market.paymaster,
    STOA_OPERATOR_KEY_FILE: operatorKeyFile,
    STOA_MIN_BOND: "10000",
    STOA_ADMINS: localAccount(0).address,
    // Rounds close as soon as everyone has answered; a busy machine gets the time it needs.
    STOA_ROUND_WINDOW_MS: "5000",
    STOA_LOG_LEVEL: process.env["STOA_LOG_LEVEL"] ?? "silent",
  });
  const { url } = stack.use(await startServer(config));
  const envOf = (home: string) => ({ ...process.env, NO_COLOR: "1", STOA_URL: url, STOA_HOME: join(folder, home) });
  return {
    url,
    operatorKeyFile,
    chain,
    folder,
    async stoa(home, args, { stdin, env = {} } = {}) {
      const child = spawn(process.execPath, [BIN, ...args], { env: { ...envOf(home), ...env }, stdio: "pipe" });
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      child.stdin.end(stdin ?? "");
      const [code] = (await once(child, "close")) as [number | null];
      return { code, stdout: stdout(), stderr: stderr() };
    },
    startStoa(home, args) {
      const child = spawn(process.execPath, [BIN, ...args], { env: envOf(home), stdio: ["ignore", "pipe", "pipe"] });
      const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
      const ended = once(child, "close") as Promise<[number | null]>;
      const command: RunningCommand = {
        stdout: () => stdout() + stderr(),
        async stop() {
          child.kill("SIGTERM");
          return (await ended)[0];
        },
        async kill() {
          child.kill("SIGKILL");
          await ended;
        },
      };
      stack.defer(async () => void (await command.stop()));
      return command;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => chunks.push(chunk));
  return () => chunks.join("");
}

/** Waits until a condition holds; fails with what `why` says at the deadline. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  why: () => string,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
