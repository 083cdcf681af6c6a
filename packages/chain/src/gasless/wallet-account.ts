import { isAddressEqual } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { entryPoint08Abi, getUserOperationTypedData, toSmartAccount } from "viem/account-abstraction";
import type { Chain } from "../client/connect-chain.ts";
import { codeAt } from "../deploy/code-at.ts";
import { WALLET_DELEGATE_ADDRESS } from "../deploy/deploy-accounts.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import { delegateOf } from "./delegate-of.ts";
import { decodeCalls, encodeCalls } from "./encode-calls.ts";
import { type GaslessAccount, STUB_SIGNATURE } from "./gasless-account.ts";

/**
 * A plain wallet as an account (EIP-7702): its address stays its key's, so what it deposits is under the key that signs
 * its orders. Its first operation carries its delegation to the market's code, signed by the key.
 * @example
 * const account = await walletAccount(chain, privateKeyToAccount(key));
 */
export async function walletAccount(chain: Chain, key: PrivateKeyAccount): Promise<GaslessAccount> {
  const delegation = { account: key, address: WALLET_DELEGATE_ADDRESS };
  const account = await toSmartAccount({
    client: chain.client,
    entryPoint: { abi: entryPoint08Abi, address: ENTRY_POINT_ADDRESS, version: "0.8" },
    authorization: delegation,
    encodeCalls: async (calls) => encodeCalls(calls),
    decodeCalls: async (data) => decodeCalls(data) ?? [],
    getAddress: async () => key.address,
    getFactoryArgs: async () => ({ factory: "0x7702", factoryData: "0x" }),
    getStubSignature: async () => STUB_SIGNATURE,
    signMessage: ({ message }) => key.signMessage({ message }),
    signTypedData: (typed) => key.signTypedData(typed as Parameters<typeof key.signTypedData>[0]),
    async signUserOperation({ chainId = chain.chainId, ...operation }) {
      const userOperation = { ...operation, sender: key.address };
      const typed = getUserOperationTypedData({ chainId, entryPointAddress: ENTRY_POINT_ADDRESS, userOperation });
      return key.signTypedData(typed);
    },
  });
  return {
    ...account,
    // A wallet that delegates to other code has to be asked for its delegation again.
    async isDeployed() {
      const delegate = delegateOf(await codeAt(chain, key.address));
      return delegate !== null && isAddressEqual(delegate, WALLET_DELEGATE_ADDRESS);
    },
  };
}
