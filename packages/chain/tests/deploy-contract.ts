import type { Hex } from "viem";
import { awaitTransaction, type ChainSender } from "@stoa/chain";
import type { Address } from "@stoa/protocol";

/** Deploys a contract for a test and says where it stands. */
export async function deployContract(sender: ChainSender, data: Hex): Promise<Address> {
  const { contractAddress } = await awaitTransaction(sender.chain, await sender.send({ doing: "deploying", data }));
  return contractAddress as Address;
}
