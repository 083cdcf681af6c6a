import type { Address } from "@stoa/protocol";
import { getContractAddress } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { entryPointBytecode } from "../generated/entry-point.ts";
import { deployByFactory, FACTORY } from "./deploy-by-factory.ts";

/** The salt that the EntryPoint's authors mined. */
const SALT = "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9";
/**
 * Where the factory puts the EntryPoint v0.8 that `@account-abstraction/contracts` 0.8.0 publishes, the same on every
 * chain: 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108. The address is the hash of its creation code, so nothing else can
 * stand there; its deployed code carries the chain's number, so it has no one hash to compare with.
 */
export const ENTRY_POINT_ADDRESS: Address = getContractAddress({
  opcode: "CREATE2",
  from: FACTORY,
  salt: SALT,
  bytecode: entryPointBytecode,
});

/**
 * Deploys the ERC-4337 EntryPoint v0.8 as it was published, or finds it deployed.
 * @returns its address, the same on every chain
 * @throws {StoaError} `invalid_configuration` when the chain has no factory for it
 */
export async function deployEntryPoint(sender: ChainSender): Promise<Address> {
  const address = ENTRY_POINT_ADDRESS;
  await deployByFactory(sender, { what: "the EntryPoint", address, bytecode: entryPointBytecode, salt: SALT });
  return address;
}
