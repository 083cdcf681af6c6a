import { type Chain, connectChain } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Logger } from "pino";

/** An award waits for the answer, and its node must start in time. */
const ANSWER_MS = 2_000;

/** Asks the chain; null, with a warning, when it is away. */
export type AskChain = <T>(ask: (chain: Chain) => Promise<T>) => Promise<T | null>;

async function withinTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new StoaError("chain_unavailable", `the RPC did not answer within ${ANSWER_MS} ms`)),
    ANSWER_MS,
  );
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Opens a chain for questions that must not hold up an award: each is answered in time or not at all, and a chain that was
 * away is tried again with the next.
 * @param whenAway what the log says when it is away
 */
export function openChain(
  { rpcUrl, chainId }: { rpcUrl: string; chainId: number },
  log: Logger,
  whenAway: string,
): AskChain {
  const options = { rpcUrl, expectedChainId: chainId, timeoutMs: ANSWER_MS, attempts: 1 };
  let chain: Promise<Chain> | null = null;

  function connected(): Promise<Chain> {
    chain ??= connectChain(options);
    chain.catch(() => (chain = null));
    return chain;
  }

  return async (ask) => {
    try {
      return await withinTime(connected().then(ask));
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.warn({ err: error, rpcUrl }, whenAway);
      return null;
    }
  };
}
