import { type Address, type AnchoredHead, type AnchoredSegment, segmentHash, ZERO_HASH } from "@stoa/protocol";
import { getContractEvents } from "viem/actions";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { roundAnchorsAbi } from "../generated/round-anchors.ts";

/**
 * The head of an operator's chain of a segment, with the transaction that anchored it; null when none was. The newest
 * block counts: how deep it stands is for the caller to judge.
 */
export async function anchoredHead(chain: Chain, contract: Address, of: AnchoredSegment): Promise<AnchoredHead | null> {
  const segment = segmentHash(of);
  const [head, position, blockNumber] = await readContract(chain, {
    address: contract,
    abi: roundAnchorsAbi,
    functionName: "headOf",
    args: [of.operator, segment],
  });
  if (head === ZERO_HASH) return null;
  const logs = await getContractEvents(chain.client, {
    address: contract,
    abi: roundAnchorsAbi,
    eventName: "RoundsAnchored",
    args: { operator: of.operator, segment, head },
    fromBlock: blockNumber,
    toBlock: blockNumber,
    strict: true,
  }).catch((cause: unknown) => {
    throw toChainError(cause, "reading the anchors");
  });
  const log = logs.at(-1);
  if (!log) return null;
  return {
    head,
    position: Number(position),
    previous: log.args.previous,
    previousBlock: Number(log.args.previousBlock),
    blockNumber: Number(blockNumber),
    txHash: log.transactionHash,
  };
}
