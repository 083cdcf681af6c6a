import { bondOf, requireBonds, toChainError, vaultParameters } from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import type { Logger } from "pino";
import { openChain } from "./open-chain.ts";
import type { Terms } from "./terms.ts";

/** What stands for a node, and for how long at least. */
export interface StandingBond {
  amount: bigint;
  /** However soon the operator asks for it back, it is there until then. */
  untilMs: number;
}

/**
 * How a node sees the part of the operator's bond that stands for it alone. What is about to leave does not count, nor
 * does what stands for every node: others may have used it up.
 * @returns a reader that gives null when the chain is away
 * @throws {StoaError} `invalid_configuration` when what stands there is not the contract of this vault's bonds
 */
export async function connectBonds(
  { rpcUrl, bonds }: { rpcUrl: string; bonds: Address },
  terms: Pick<Terms, "domain" | "token"> & { node: Address },
  log: Logger,
): Promise<() => Promise<StandingBond | null>> {
  const { chainId, vault } = terms.domain;
  const ask = openChain({ rpcUrl, chainId }, log, "the operator's bond cannot be read; it is not relied on");
  let withdrawDelay: number | null = null;

  const read = () =>
    ask(async (chain) => {
      if (withdrawDelay === null) {
        await requireBonds(chain, { bonds, vault });
        ({ withdrawDelay } = await vaultParameters(chain, vault));
      }
      const [{ staying }, { timestamp }] = await Promise.all([
        bondOf(chain, { bonds, node: terms.node, token: terms.token }),
        chain.client.getBlock().catch((cause: unknown) => {
          throw toChainError(cause, "reading the head");
        }),
      ]);
      return { amount: staying, untilMs: (Number(timestamp) + withdrawDelay) * 1_000 };
    });

  await read();
  return read;
}
