import { StoaError } from "@stoa/protocol";
import type { SignedAuthorization } from "viem";
import { entryPoint08Abi, formatUserOperationRequest } from "viem/account-abstraction";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import { currentFees } from "../sender/fees.ts";
import type { Bundler } from "./bundler.ts";
import { encodeCalls } from "./encode-calls.ts";
import type { OperationGas } from "./estimate-operation-gas.ts";
import { type GaslessAccount, type GaslessCall, STUB_SIGNATURE } from "./gasless-account.ts";
import { highestCost, type Operation } from "./operation.ts";
import type { Sponsor } from "./sponsor.ts";

/** What operations need: whose, brought by whom, paid by whom. */
export interface Gasless {
  chain: Chain;
  account: GaslessAccount;
  bundler: Bundler;
  /** Absent: the account pays in ether of its own. */
  sponsor?: Sponsor;
  /** In wei: no operation offers more for a unit of gas. */
  maxFeePerGas?: bigint;
}

/** An operation that nobody signed yet, and what it costs. */
export interface OperationQuote {
  operation: Operation;
  gas: OperationGas;
  /** In wei: what its payer pays at most. */
  highestCost: bigint;
  isSponsored: boolean;
}

const DEFAULT_MAX_FEE_PER_GAS = 500_000_000_000n;
/** In a signature's place, as in the operation's. */
const STUB_WORDS = { r: `0x${"f".repeat(64)}`, s: `0x7${"a".repeat(63)}`, yParity: 1 } as const;

/**
 * Says what calls would cost before anybody is asked to sign: all of them happen, or none.
 * @param nonceKey tells sequences of operations apart (ERC-4337): those of different keys wait for no other
 * @throws {StoaError} `chain_rejected` when they would fail
 * @example
 * const quote = await quoteOperation(gasless, [{ to: vault, data }]);
 */
export async function quoteOperation(
  gasless: Gasless,
  calls: readonly GaslessCall[],
  nonceKey = 0n,
): Promise<OperationQuote> {
  const { chain, account, sponsor, maxFeePerGas = DEFAULT_MAX_FEE_PER_GAS } = gasless;
  const args = [account.address, nonceKey] as const;
  const nonceCall = { address: ENTRY_POINT_ADDRESS, abi: entryPoint08Abi, functionName: "getNonce", args } as const;
  const [nonce, fees, factory, authorization] = await Promise.all([
    readContract(chain, nonceCall),
    currentFees(chain, maxFeePerGas),
    account.getFactoryArgs(),
    stubAuthorization(gasless),
  ]);
  const none = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n };
  let operation: Operation = {
    sender: account.address,
    nonce,
    callData: encodeCalls(calls),
    ...fees,
    ...none,
    ...(factory.factory ? { factory: factory.factory, factoryData: factory.factoryData ?? "0x" } : {}),
    ...(authorization ? { authorization } : {}),
    signature: STUB_SIGNATURE,
  };
  if (sponsor) operation = { ...operation, ...(await sponsor.stub(operation)) };
  const gas = await estimate(gasless, operation);
  operation = { ...operation, ...(sponsor ? gas : withoutPaymaster(gas)) };
  return { operation, gas, highestCost: highestCost(operation), isSponsored: sponsor !== undefined };
}

function withoutPaymaster({ callGasLimit, verificationGasLimit, preVerificationGas }: OperationGas) {
  return { callGasLimit, verificationGasLimit, preVerificationGas };
}

/** A wallet's first operation brings its delegation, as its key would sign it now. */
async function stubAuthorization({ chain, account }: Gasless): Promise<SignedAuthorization | null> {
  const { authorization, address } = account;
  if (!authorization || (await account.isDeployed())) return null;
  const nonce = await chain.client.getTransactionCount({ address }).catch((cause: unknown) => {
    throw toChainError(cause, "reading the wallet's nonce");
  });
  return { address: authorization.address, chainId: chain.chainId, nonce, ...STUB_WORDS };
}

async function estimate({ bundler }: Gasless, operation: Operation): Promise<OperationGas> {
  const params = [formatUserOperationRequest(operation), ENTRY_POINT_ADDRESS];
  const answer = await bundler.request({ method: "eth_estimateUserOperationGas", params }).catch((cause: unknown) => {
    throw toChainError(cause, "estimating an operation's gas");
  });
  const { preVerificationGas, verificationGasLimit, callGasLimit, ...paymaster } = answer as Record<string, string>;
  if (!preVerificationGas || !verificationGasLimit || !callGasLimit) {
    throw new StoaError("chain_unavailable", "the bundler estimates no gas");
  }
  return {
    preVerificationGas: BigInt(preVerificationGas),
    verificationGasLimit: BigInt(verificationGasLimit),
    callGasLimit: BigInt(callGasLimit),
    paymasterVerificationGasLimit: BigInt(paymaster["paymasterVerificationGasLimit"] ?? 0),
    paymasterPostOpGasLimit: BigInt(paymaster["paymasterPostOpGasLimit"] ?? 0),
  };
}
