import type { Address } from "@stoa/protocol";
import { concat, decodeFunctionData, type Hex, isAddressEqual, pad, size } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { codeAt } from "../deploy/code-at.ts";
import { ACCOUNT_FACTORY_ADDRESS, WALLET_DELEGATE_ADDRESS } from "../deploy/deploy-accounts.ts";
import { accountFactoryAbi } from "../generated/account-factory.ts";
import { delegationCode } from "./delegate-of.ts";
import type { Operation } from "./operation.ts";

/** OpenZeppelin's clone: what it delegates to stands between these, its owner behind them. */
const CLONE = ["0x363d3d373d3d3d363d73", "0x5af43d82803e903d91602b57fd5bf3"] as const;

/**
 * The code that an operation's account runs when it is executed: what stands there, what its delegation brings, or what
 * the market's factory makes. Undefined when nobody knows, as for another factory's.
 */
export async function accountCode(chain: Chain, operation: Operation): Promise<Hex | undefined> {
  const { sender, factory, factoryData, authorization } = operation;
  if (authorization) return delegationCode(authorization.address);
  const code = await codeAt(chain, sender);
  if (code !== undefined) return code;
  if (!factory || !factoryData || factory === "0x7702") return undefined;
  return isAddressEqual(factory, ACCOUNT_FACTORY_ADDRESS) ? ownedCode(chain, factoryData) : undefined;
}

async function ownedCode(chain: Chain, factoryData: Hex): Promise<Hex | undefined> {
  const { functionName, args } = decodeFunctionData({ abi: accountFactoryAbi, data: factoryData });
  if (functionName !== "createAccount") return undefined;
  return concat([await clonePrefix(chain), pad(args[0])]);
}

/** Whether code is that of a wallet delegated to the market's, or of an account of the market's factory. */
export async function isMarketCode(chain: Chain, code: Hex): Promise<boolean> {
  if (code.toLowerCase() === delegationCode(WALLET_DELEGATE_ADDRESS).toLowerCase()) return true;
  const prefix = await clonePrefix(chain);
  return size(code) === size(prefix) + 32 && code.toLowerCase().startsWith(prefix.toLowerCase());
}

async function clonePrefix(chain: Chain): Promise<Hex> {
  const call = { address: ACCOUNT_FACTORY_ADDRESS, abi: accountFactoryAbi, functionName: "implementation" } as const;
  const implementation: Address = await readContract(chain, { ...call, args: [] });
  return concat([CLONE[0], implementation, CLONE[1]]);
}
