import { getAbiItem } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readLogs } from "../deploy/read-logs.ts";
import { courtAbi } from "../generated/court.ts";

const SUBMITTED = getAbiItem({ abi: courtAbi, name: "EvidenceSubmitted" });

/**
 * Where the evidence of a dispute is, in the order of {@link evidenceOf}, by the chain's own logs.
 * @param given.fromBlock nothing of the court is older
 */
export async function evidenceUris(
  chain: Chain,
  court: Address,
  { disputeId, fromBlock }: { disputeId: bigint; fromBlock: bigint },
): Promise<string[]> {
  const to = await chain.client.getBlockNumber({ cacheTime: 0 });
  const logs = await readLogs({ from: fromBlock, to }, (range) =>
    chain.client.getLogs({ address: court, event: SUBMITTED, args: { disputeId }, strict: true, ...range }),
  );
  const uris: string[] = [];
  for (const { args } of logs) uris[Number(args.index)] = args.uri;
  return uris;
}
