import {
  type AnchoredHead,
  type AnchoredSegment,
  type Hash,
  ROUND_ANCHORS_ADDRESS,
  roundAnchorsReads,
  segmentHash,
  StoaError,
  ZERO_HASH,
} from "@stoa/protocol";
import { BaseError, createPublicClient, http } from "viem";

/** What stands on chain about the chains of rounds, read from a JSON-RPC endpoint. */
export interface Anchors {
  chainId(): Promise<number>;
  /** The anchor of a head in a block; null when the block has none. */
  find(of: AnchoredSegment, at: { blockNumber: number; head: Hash }): Promise<AnchoredHead | null>;
  /** Every anchor of a segment, the newest first. */
  list(of: AnchoredSegment): Promise<AnchoredHead[]>;
}

const TIMEOUT_MS = 10_000;

/**
 * Reads the contract of anchors. It stands at the same address on every chain, so that nobody has to be believed where
 * it is; whether the endpoint is honest about its chain is the caller's choice of endpoint.
 */
export function openAnchors(rpcUrl: string): Anchors {
  const client = createPublicClient({ transport: http(rpcUrl, { timeout: TIMEOUT_MS }) });
  const contract = { address: ROUND_ANCHORS_ADDRESS, abi: roundAnchorsReads } as const;

  async function find(of: AnchoredSegment, { blockNumber, head }: { blockNumber: number; head: Hash }) {
    const block = BigInt(blockNumber);
    const logs = await client.getContractEvents({
      ...contract,
      eventName: "RoundsAnchored",
      args: { operator: of.operator, segment: segmentHash(of), head },
      fromBlock: block,
      toBlock: block,
      strict: true,
    });
    const [log] = logs;
    if (!log) return null;
    const { position, previous, previousBlock } = log.args;
    return {
      head,
      position: Number(position),
      previous,
      previousBlock: Number(previousBlock),
      blockNumber,
      txHash: log.transactionHash,
    };
  }

  async function list(of: AnchoredSegment): Promise<AnchoredHead[]> {
    const [newest, , blockNumber] = await client.readContract({
      ...contract,
      functionName: "headOf",
      args: [of.operator, segmentHash(of)],
    });
    const anchors: AnchoredHead[] = [];
    let next = { head: newest, blockNumber: Number(blockNumber) };
    // Each anchor names the head before it and its block: there is nothing to search for.
    while (next.head !== ZERO_HASH) {
      const anchor = await find(of, next);
      if (!anchor)
        throw new StoaError("chain_unavailable", `${rpcUrl} has no block ${next.blockNumber} with the anchor it names`);
      anchors.push(anchor);
      next = { head: anchor.previous, blockNumber: anchor.previousBlock };
    }
    return anchors;
  }

  const asked = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (cause) {
      if (!(cause instanceof BaseError)) throw cause;
      throw new StoaError("chain_unavailable", `${rpcUrl}: ${cause.shortMessage}`, { cause });
    }
  };
  return {
    chainId: () => asked(client.getChainId()),
    find: (of, at) => asked(find(of, at)),
    list: (of) => asked(list(of)),
  };
}
