import { encodeFunctionData } from "viem";
import type { LocalAccount } from "viem/accounts";
import { entryPoint08Abi, getUserOperationTypedData, toSmartAccount } from "viem/account-abstraction";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { ACCOUNT_FACTORY_ADDRESS } from "../deploy/deploy-accounts.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import { accountFactoryAbi } from "../generated/account-factory.ts";
import { decodeCalls, encodeCalls } from "./encode-calls.ts";
import { type GaslessAccount, STUB_SIGNATURE } from "./gasless-account.ts";

/**
 * An account of its own address, which the owner's key commands: for programs and teams. Money may be sent to it before
 * it exists; its first operation makes it. It deposits for wallets, stakes, funds and buys; it signs no orders.
 * @param salt tells accounts of one owner apart
 * @example
 * const account = await ownedAccount(chain, { owner: privateKeyToAccount(key), salt: 0n });
 */
export async function ownedAccount(
  chain: Chain,
  { owner, salt }: { owner: LocalAccount; salt: bigint },
): Promise<GaslessAccount> {
  const args = [owner.address, salt] as const;
  const factory = { address: ACCOUNT_FACTORY_ADDRESS, abi: accountFactoryAbi } as const;
  const address = await readContract(chain, { ...factory, functionName: "accountOf", args });
  const factoryData = encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args });
  return (await toSmartAccount({
    client: chain.client,
    entryPoint: { abi: entryPoint08Abi, address: ENTRY_POINT_ADDRESS, version: "0.8" },
    encodeCalls: async (calls) => encodeCalls(calls),
    decodeCalls: async (data) => decodeCalls(data) ?? [],
    getAddress: async () => address,
    getFactoryArgs: async () => ({ factory: ACCOUNT_FACTORY_ADDRESS, factoryData }),
    getStubSignature: async () => STUB_SIGNATURE,
    signMessage: () => Promise.reject(new TypeError("an owned account signs operations only")),
    signTypedData: () => Promise.reject(new TypeError("an owned account signs operations only")),
    async signUserOperation({ chainId = chain.chainId, ...operation }) {
      const userOperation = { ...operation, sender: address };
      const typed = getUserOperationTypedData({ chainId, entryPointAddress: ENTRY_POINT_ADDRESS, userOperation });
      return owner.signTypedData(typed);
    },
  })) as GaslessAccount;
}
