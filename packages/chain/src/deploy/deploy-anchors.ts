import { type Address, ROUND_ANCHORS_ADDRESS } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { roundAnchorsBytecode } from "../generated/round-anchors.ts";
import { deployByFactory } from "./deploy-by-factory.ts";

/**
 * Deploys the contract of anchors where its code belongs, or finds it there: whoever came first, all use the same one.
 * @returns its address, the same on every chain
 * @throws {StoaError} `invalid_configuration` when the chain has no factory for it
 */
export async function deployAnchors(sender: ChainSender): Promise<Address> {
  await deployByFactory(sender, {
    what: "the anchors",
    address: ROUND_ANCHORS_ADDRESS,
    bytecode: roundAnchorsBytecode,
  });
  return ROUND_ANCHORS_ADDRESS;
}
