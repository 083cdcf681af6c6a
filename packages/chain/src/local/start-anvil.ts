import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { StoaError } from "@stoa/protocol";
import { callRpc } from "./call-rpc.ts";
import { endOrphan } from "./end-orphan.ts";
import { startMiner } from "./miner.ts";
import { anvilBinary } from "./anvil-binary.ts";
import { saveState } from "./save-state.ts";

export interface AnvilOptions {
  /** A free one by default. */
  port?: number;
  /**
   * Keeps the chain across restarts, written whole. With `blockTimeSeconds` no block is mined before the last one is
   * kept, so a kill at any moment loses none but the last; without it, what was mined in the last second or so.
   */
  stateFile?: string;
  /**
   * Mines a block this often while transactions wait or were mined lately, and one a minute when idle, so that an idle
   * chain's state does not grow. Without it every transaction gets its block at once.
   */
  blockTimeSeconds?: number;
  chainId?: number;
}

/** A running local chain. Its ten development accounts are public: worth nothing anywhere else. */
export interface Anvil extends AsyncDisposable {
  readonly rpcUrl: string;
  readonly port: number;
  readonly chainId: number;
  readonly pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Saves the state, stops the process and waits for its end. */
  stop(): Promise<void>;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
}

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;

/**
 * Starts a local chain on 127.0.0.1.
 * A state file belongs to one starter at a time: the caller's data folder is locked.
 * @throws {StoaError} `chain_unavailable` with the program's words when it does not come up
 * @example
 * await using anvil = await startAnvil({ stateFile: "data/chain.json", blockTimeSeconds: 1 });
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { stateFile, blockTimeSeconds, chainId = 31_337 } = options;
  const pidFile = stateFile === undefined ? null : `${stateFile}.pid`;
  if (pidFile !== null) {
    await mkdir(dirname(pidFile), { recursive: true });
    await endOrphan(pidFile);
  }
  const child = spawn(anvilBinary(), argumentsOf({ ...options, chainId }), {
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches the whole terminal group: the chain ends when its starter says so, after its state is saved.
    detached: true,
  });
  const killWithParent = () => child.kill("SIGKILL");
  process.once("exit", killWithParent);
  const exited = new Promise<void>((resolve) => {
    const gone = () => {
      process.off("exit", killWithParent);
      resolve();
    };
    child.once("exit", gone);
    child.once("error", gone);
  });
  try {
    const port = await listeningPort(child);
    if (pidFile !== null) await writeFile(pidFile, String(child.pid));
    const rpcUrl = `http://127.0.0.1:${port}`;
    await callRpc(rpcUrl, "eth_chainId", []);
    const save = stateFile === undefined ? null : () => saveState(rpcUrl, stateFile);
    const isAlive = () => child.exitCode === null && child.signalCode === null;
    const miner =
      save || blockTimeSeconds !== undefined ? startMiner({ rpcUrl, blockTimeSeconds, save, isAlive }) : null;
    return running({ child, exited, isAlive, port, rpcUrl, chainId, miner, save, pidFile });
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function argumentsOf({ port = 0, stateFile, blockTimeSeconds, chainId }: AnvilOptions): string[] {
  return [
    "--host=127.0.0.1",
    `--port=${port}`,
    `--chain-id=${chainId}`,
    "--prune-history=128",
    ...(blockTimeSeconds === undefined ? [] : ["--no-mining"]),
    ...(stateFile !== undefined && existsSync(stateFile) ? ["--load-state", stateFile] : []),
  ];
}

interface Parts {
  child: ChildProcess;
  exited: Promise<void>;
  isAlive: () => boolean;
  port: number;
  rpcUrl: string;
  chainId: number;
  miner: { stop(): Promise<void> } | null;
  save: (() => Promise<void>) | null;
  pidFile: string | null;
}

function running({ child, exited, isAlive, port, rpcUrl, chainId, miner, save, pidFile }: Parts): Anvil {
  const endBy = async (signal: "SIGTERM" | "SIGKILL") => {
    if (!isAlive()) return;
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(force);
  };
  const release = async () => {
    if (pidFile !== null) await rm(pidFile, { force: true });
  };
  const stop = async () => {
    try {
      await miner?.stop();
      if (isAlive()) await save?.();
    } finally {
      await endBy("SIGTERM");
      await release();
    }
  };
  const kill = async () => {
    await endBy("SIGKILL");
    await miner?.stop();
    await release();
  };
  let ending: Promise<void> | null = null;
  const stopOnce = () => (ending ??= stop());
  return {
    rpcUrl,
    port,
    chainId,
    pid: child.pid ?? 0,
    exited,
    stop: stopOnce,
    kill: () => (ending ??= kill()),
    [Symbol.asyncDispose]: stopOnce,
  };
}

/** Anvil says which port it got; its further output is drained so that the pipe never fills. */
async function listeningPort(child: ChildProcess): Promise<number> {
  let said = "";
  return new Promise<number>((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(new StoaError("chain_unavailable", `anvil ${why}: ${said.trim().slice(-600)}`, { cause }));
    const timer = setTimeout(() => fail(`did not listen within ${START_DEADLINE_MS} ms`), START_DEADLINE_MS);
    const read = (chunk: Buffer) => {
      if (said.length > 64_000) return;
      said += chunk.toString();
      const match = /Listening on [^\s]*:(\d+)/.exec(said);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", (cause) => fail("could not be started", cause));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended (${signal ?? code})`);
    });
  });
}
