import { StoaError } from "@stoa/protocol";
import { pause } from "../client/pause.ts";
import { callRpc } from "./call-rpc.ts";

interface MinerOptions {
  rpcUrl: string;
  /** Absent when the chain mines every transaction at once; then only the state is kept. */
  blockTimeSeconds: number | undefined;
  save: (() => Promise<void>) | null;
}

/** Blocks that follow the last transaction's, so that its logs become as deep as anybody may ask for. */
const TRAILING_BLOCKS = 12;
const IDLE_BLOCK_MS = 60_000;
const SAVE_POLL_MS = 500;
/** Saving takes at most this part of the time, however large the state has grown. */
const SAVE_SHARE = 0.2;

/**
 * Mines a local chain's blocks and keeps its state after each, until stopped or until the chain is gone.
 * A chain that is gone is not the miner's to report: whoever talks to it finds out.
 */
export function startMiner(options: MinerOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run(options, stopping.signal).catch((error: unknown) => {
    if (!(error instanceof StoaError && error.code === "chain_unavailable")) throw error;
  });
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function run({ rpcUrl, blockTimeSeconds, save }: MinerOptions, signal: AbortSignal): Promise<void> {
  const periodMs = blockTimeSeconds === undefined ? SAVE_POLL_MS : blockTimeSeconds * 1_000;
  let trailing = TRAILING_BLOCKS;
  let minedAtMs = performance.now();
  let savedNumber = -1;
  let saveNotBeforeMs = 0;
  for (;;) {
    await pause(periodMs, signal);
    if (signal.aborted) return;
    if (blockTimeSeconds !== undefined) {
      if (await hasWaiting(rpcUrl)) trailing = TRAILING_BLOCKS + 1;
      if (trailing > 0 || performance.now() - minedAtMs >= IDLE_BLOCK_MS) {
        await callRpc(rpcUrl, "evm_mine", []);
        minedAtMs = performance.now();
        trailing = Math.max(0, trailing - 1);
      }
    }
    if (!save || performance.now() < saveNotBeforeMs) continue;
    const number = Number(await callRpc(rpcUrl, "eth_blockNumber", []));
    if (number === savedNumber) continue;
    const startedMs = performance.now();
    await save();
    savedNumber = number;
    saveNotBeforeMs = performance.now() + (performance.now() - startedMs) * (1 / SAVE_SHARE - 1);
  }
}

async function hasWaiting(rpcUrl: string): Promise<boolean> {
  const { pending, queued } = (await callRpc(rpcUrl, "txpool_status", [])) as { pending: string; queued: string };
  return Number(pending) + Number(queued) > 0;
}
