import { pause } from "../client/pause.ts";
import { callRpc } from "./call-rpc.ts";

interface MinerOptions {
  rpcUrl: string;
  /** Absent when the chain mines every transaction at once; then only the state is kept. */
  blockTimeSeconds: number | undefined;
  save: (() => Promise<void>) | null;
  /** Whether the chain's process still runs. */
  isAlive: () => boolean;
}

/** Blocks that follow the last transaction's, so that its logs become as deep as anybody may ask for. */
const TRAILING_BLOCKS = 12;
const IDLE_BLOCK_MS = 60_000;
const SAVE_POLL_MS = 500;
/** Saving takes at most this part of the time, however large the state has grown. */
const SAVE_SHARE = 0.2;

/**
 * Mines a local chain's blocks and keeps its state after each, until stopped or until the chain's process is gone.
 * A block is mined only when the one before is kept: what has a block on top survives a kill, so whoever waits for one
 * confirmation never reads what the next start does not know.
 */
export function startMiner(options: MinerOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function run(options: MinerOptions, signal: AbortSignal): Promise<void> {
  const { blockTimeSeconds, isAlive } = options;
  const periodMs = blockTimeSeconds === undefined ? SAVE_POLL_MS : blockTimeSeconds * 1_000;
  const mine = blockTimeSeconds === undefined ? null : miningTurn(options.rpcUrl);
  const keep = options.save === null ? null : savingTurn(options.rpcUrl, options.save);
  for (;;) {
    await pause(periodMs, signal);
    if (signal.aborted || !isAlive()) return;
    try {
      if (keep && !(await keep())) continue;
      await mine?.();
      await keep?.();
    } catch (error) {
      if (!isAlive()) return;
      // A full disk or a chain too busy to answer may pass; until then the next turn tries again.
      process.emitWarning(`the local chain missed a turn: ${String(error)}`);
    }
  }
}

function miningTurn(rpcUrl: string): () => Promise<void> {
  let trailing = TRAILING_BLOCKS;
  let minedAtMs = performance.now();
  return async () => {
    if (await hasWaiting(rpcUrl)) trailing = TRAILING_BLOCKS + 1;
    if (trailing === 0 && performance.now() - minedAtMs < IDLE_BLOCK_MS) return;
    await callRpc(rpcUrl, "evm_mine", []);
    minedAtMs = performance.now();
    trailing = Math.max(0, trailing - 1);
  };
}

/** @returns whether the chain's head is kept; it waits for its turn when saving took long */
function savingTurn(rpcUrl: string, save: () => Promise<void>): () => Promise<boolean> {
  let savedNumber = -1;
  let notBeforeMs = 0;
  return async () => {
    const number = Number(await callRpc(rpcUrl, "eth_blockNumber", []));
    if (number === savedNumber) return true;
    if (performance.now() < notBeforeMs) return false;
    const startedMs = performance.now();
    await save();
    savedNumber = number;
    notBeforeMs = performance.now() + (performance.now() - startedMs) * (1 / SAVE_SHARE - 1);
    return true;
  };
}

async function hasWaiting(rpcUrl: string): Promise<boolean> {
  const { pending, queued } = (await callRpc(rpcUrl, "txpool_status", [])) as { pending: string; queued: string };
  return Number(pending) + Number(queued) > 0;
}
