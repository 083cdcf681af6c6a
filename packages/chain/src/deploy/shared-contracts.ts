import { type Address, ROUND_ANCHORS_ADDRESS } from "@stoa/protocol";
import type { Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { didRegistryBytecode } from "../generated/did-registry.ts";
import { roundAnchorsBytecode } from "../generated/round-anchors.ts";
import { accountFactoryBytecode } from "../generated/account-factory.ts";
import { entryPointBytecode } from "../generated/entry-point.ts";
import { walletDelegateBytecode } from "../generated/wallet-delegate.ts";
import {
  ACCOUNT_FACTORY_ADDRESS,
  deployAccountFactory,
  deployWalletDelegate,
  WALLET_DELEGATE_ADDRESS,
} from "./deploy-accounts.ts";
import { deployAnchors } from "./deploy-anchors.ts";
import { DID_REGISTRY_ADDRESS, deployDidRegistry } from "./deploy-did-registry.ts";
import { deployEntryPoint, ENTRY_POINT_ADDRESS } from "./deploy-entry-point.ts";

/** The contracts that all markets of a chain share, each where its code puts it. */
export type SharedContract = "anchors" | "dids" | "entryPoint" | "walletDelegate" | "accountFactory";

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
  { name: "entryPoint", address: ENTRY_POINT_ADDRESS, bytecode: entryPointBytecode, deploy: deployEntryPoint },
  {
    name: "walletDelegate",
    address: WALLET_DELEGATE_ADDRESS,
    bytecode: walletDelegateBytecode,
    deploy: deployWalletDelegate,
  },
  {
    name: "accountFactory",
    address: ACCOUNT_FACTORY_ADDRESS,
    bytecode: accountFactoryBytecode,
    deploy: deployAccountFactory,
  },
];
