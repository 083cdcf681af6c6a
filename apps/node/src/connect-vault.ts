import { type Chain, connectChain, vaultBalance, vaultParameters } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import type { Terms } from "./terms.ts";

/** An award waits for the answer, and its node must start in time. */
const ANSWER_MS = 2_000;

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
 * How a node sees what a requester has in the vault, pending withdrawals included because a settlement reaches
 * them: by the chain when an RPC is configured. When the RPC is away it says so and leaves it at the operator's
 * signed hold, whose bond covers a shortfall: an award must not be lost over an RPC.
 * @returns a reader that gives null when the vault cannot be read, or no RPC is configured
 * @throws {StoaError} `invalid_configuration` when the RPC is of another chain, or the vault of another operator
 */
export async function connectVault(
  rpcUrl: string | null,
  terms: Pick<Terms, "domain" | "token" | "operator">,
  log: Logger,
): Promise<(requester: Address) => Promise<bigint | null>> {
  if (rpcUrl === null) return async () => null;
  const options = { rpcUrl, expectedChainId: terms.domain.chainId, timeoutMs: ANSWER_MS, attempts: 1 };
  let chain: Promise<Chain> | null = null;

  function connected(): Promise<Chain> {
    chain ??= connectChain(options);
    chain.catch(() => (chain = null));
    return chain;
  }

  async function unlessAway<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await withinTime(ask());
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.warn({ err: error, rpcUrl }, "the vault cannot be read; the operator's signed hold is trusted");
      return null;
    }
  }

  const found = await unlessAway(async () => await vaultParameters(await connected(), terms.domain.vault));
  if (found && found.operator !== terms.operator) {
    throw new StoaError(
      "invalid_configuration",
      `the market names ${terms.operator} as its operator, its vault ${terms.domain.vault} is ${found.operator}'s`,
    );
  }
  return async (requester) =>
    await unlessAway(async () => {
      const { available, withdrawing } = await vaultBalance(
        await connected(),
        terms.domain.vault,
        requester,
        terms.token,
      );
      return available + withdrawing;
    });
}
