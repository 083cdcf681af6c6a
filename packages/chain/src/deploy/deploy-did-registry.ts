import { type Address, StoaError } from "@stoa/protocol";
import { keccak256 } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { didRegistryBytecode } from "../generated/did-registry.ts";
import { codeAt } from "./code-at.ts";
import { deployByFactory } from "./deploy-by-factory.ts";

/** Where the factory puts the code that `ethr-did-registry` 1.3.0 publishes, the same on every chain. */
export const DID_REGISTRY_ADDRESS: Address = "0xcFc526Abf26F38de8fA91b7fb16C01E4D53E4E2D";
/** keccak256 of that code as it stands on a chain. */
const CODE_HASH = "0x13c5fbf71b05bbc6c985c8f8bdf24489f86c0330caea90e7fbf8749087db9057";

/**
 * Deploys the ERC-1056 registry as it was published, or finds it deployed, and checks its code to the byte.
 * @returns its address, the same on every chain
 * @throws {StoaError} `invalid_configuration` when the chain has no factory for it, or other code at its address
 */
export async function deployDidRegistry(sender: ChainSender): Promise<Address> {
  await deployByFactory(sender, {
    what: "the DID registry",
    address: DID_REGISTRY_ADDRESS,
    bytecode: didRegistryBytecode,
  });
  const code = await codeAt(sender.chain, DID_REGISTRY_ADDRESS);
  if (code === undefined || keccak256(code) !== CODE_HASH) {
    throw new StoaError("invalid_configuration", `${DID_REGISTRY_ADDRESS} has other code than the DID registry's`);
  }
  return DID_REGISTRY_ADDRESS;
}
