import { getAbiItem } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readLogs } from "../deploy/read-logs.ts";
import { escrowAbi } from "../generated/escrow.ts";

const FUNDED = getAbiItem({ abi: escrowAbi, name: "Funded" });

/**
 * The numbers of the escrows that an account is a side of, the newest first, by the chain's own logs.
 * @param given.fromBlock nothing of the contract is older
 */
export async function listEscrows(
  chain: Chain,
  escrow: Address,
  { party, fromBlock }: { party: Address; fromBlock: bigint },
): Promise<bigint[]> {
  const to = await chain.client.getBlockNumber({ cacheTime: 0 });
  const found = await Promise.all(
    [{ requester: party }, { provider: party }].map((args) =>
      readLogs({ from: fromBlock, to }, (range) =>
        chain.client.getLogs({ address: escrow, event: FUNDED, args, strict: true, ...range }),
      ),
    ),
  );
  const numbers = new Set(found.flat().map(({ args }) => args.escrowId));
  return [...numbers].toSorted((left, right) => (left > right ? -1 : 1));
}
