import { type Address, ROUND_ANCHORS_ADDRESS } from "@stoa/protocol";
import type { Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { didRegistryBytecode } from "../generated/did-registry.ts";
import { roundAnchorsBytecode } from "../generated/round-anchors.ts";
import { deployAnchors } from "./deploy-anchors.ts";
import { DID_REGISTRY_ADDRESS, deployDidRegistry } from "./deploy-did-registry.ts";

/** The contracts that all markets of a chain share, each where its code puts it. */
export type SharedContract = "anchors" | "dids";

export interface SharedDeployment {
  name: SharedContract;
  address: Address;
  bytecode: Hex;
  /** Deploys it, or finds it deployed. */
  deploy(sender: ChainSender): Promise<Address>;
}

/** In the order in which they are deployed. */
export const sharedContracts: readonly SharedDeployment[] = [
  { name: "anchors", address: ROUND_ANCHORS_ADDRESS, bytecode: roundAnchorsBytecode, deploy: deployAnchors },
  { name: "dids", address: DID_REGISTRY_ADDRESS, bytecode: didRegistryBytecode, deploy: deployDidRegistry },
];
