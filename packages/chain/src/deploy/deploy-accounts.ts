import type { Address } from "@stoa/protocol";
import { getContractAddress, type Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { accountFactoryBytecode } from "../generated/account-factory.ts";
import { walletDelegateBytecode } from "../generated/wallet-delegate.ts";
import { deployByFactory, FACTORY, FACTORY_SALT } from "./deploy-by-factory.ts";

/** The code that delegated wallets run. What a wallet signs names it, so it never changes under anybody. */
export const WALLET_DELEGATE_ADDRESS = addressOf(walletDelegateBytecode);
/** Makes owned accounts, each at the same address on every chain. */
export const ACCOUNT_FACTORY_ADDRESS = addressOf(accountFactoryBytecode);

/** Deploys the code of delegated wallets, or finds it deployed: no other code can stand at its address. */
export async function deployWalletDelegate(sender: ChainSender): Promise<Address> {
  const address = WALLET_DELEGATE_ADDRESS;
  await deployByFactory(sender, { what: "the wallets' delegate", address, bytecode: walletDelegateBytecode });
  return address;
}

/** Deploys the factory of owned accounts, or finds it deployed: no other code can stand at its address. */
export async function deployAccountFactory(sender: ChainSender): Promise<Address> {
  const address = ACCOUNT_FACTORY_ADDRESS;
  await deployByFactory(sender, { what: "the factory of accounts", address, bytecode: accountFactoryBytecode });
  return address;
}

function addressOf(bytecode: Hex): Address {
  return getContractAddress({ opcode: "CREATE2", from: FACTORY, salt: FACTORY_SALT, bytecode });
}
