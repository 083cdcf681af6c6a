import { type Address, StoaError } from "@stoa/protocol";
import { encodeFunctionData, type Hex, hexToBytes, numberToHex, zeroAddress, zeroHash } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import type { Chain } from "../client/connect-chain.ts";
import { describeRevert, toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import { sponsorPaymasterAbi } from "../generated/sponsor-paymaster.ts";
import { walletDelegateAbi } from "../generated/wallet-delegate.ts";
import { accountCode } from "./account-code.ts";
import { type Operation, pack } from "./operation.ts";

/** The five limits of an operation, in gas. */
export interface OperationGas {
  preVerificationGas: bigint;
  verificationGasLimit: bigint;
  callGasLimit: bigint;
  paymasterVerificationGasLimit: bigint;
  paymasterPostOpGasLimit: bigint;
}

interface Part {
  what: string;
  to: Address;
  data: Hex;
  /** As much as the block has, when absent. */
  gas?: bigint;
}

interface SimulatedCall {
  status: Hex;
  gasUsed: Hex;
  returnData: Hex;
  error?: { message?: string; data?: Hex };
}

type Overrides = Record<Address, { code: Hex }>;

const CALLING = "calling";
/** No call of the market's takes more, by far. */
const MAX_CALL_GAS = 16_000_000n;
/** Each part is asked for as a transaction of its own, whose 21,000 more are a margin already; state may change. */
const MARGIN_PERCENT = 130n;
const TRANSACTION_GAS = 21_000n;
/** The EntryPoint's own, for one operation: its loop, its event, paying the bundler. */
const BUNDLE_GAS = 25_000n;
/** What it writes of a nonce nobody used yet, and what it hashes. */
const NONCE_GAS = 45_000n;
/** EIP-7702 asks this for each delegation. */
const DELEGATION_GAS = 25_000n;

/**
 * Finds an operation's limits by executing its parts one after the other on the chain's present state, each as the
 * EntryPoint would call it. Signatures may be missing or stubs. A chain above another asks for its data too, which is
 * not in here: bundlers there say what they want.
 * @throws {StoaError} `chain_rejected` when a part would revert, with the contract's reason
 */
export async function estimateOperationGas(chain: Chain, operation: Operation): Promise<OperationGas> {
  const parts = partsOf(operation);
  const code = operation.factory === "0x7702" || operation.authorization ? await accountCode(chain, operation) : null;
  const overrides = code ? { [operation.sender]: { code } } : {};
  const used = await simulate(chain, parts, overrides);
  const callGasLimit = await sufficientGas(chain, { parts, overrides, used: used.get(CALLING) ?? 0n });
  const gasOf = (what: string) => used.get(what) ?? 0n;
  return {
    preVerificationGas: preVerificationGas(operation),
    verificationGasLimit: withMargin(gasOf("making the account") + gasOf("checking the account")) + NONCE_GAS,
    callGasLimit,
    paymasterVerificationGasLimit: withMargin(gasOf("asking the paymaster")),
    paymasterPostOpGasLimit: 0n,
  };
}

const withMargin = (gas: bigint) => (gas * MARGIN_PERCENT) / 100n;

/**
 * A call may need more than it uses in the end: some contracts hold back what another one must have, and a call within
 * a call gets no more than 63 of 64 parts. What is found is tried.
 */
async function sufficientGas(
  chain: Chain,
  given: { parts: readonly Part[]; overrides: Overrides; used: bigint },
): Promise<bigint> {
  const before = given.parts.filter(({ what }) => what !== CALLING);
  const calling = given.parts.filter(({ what }) => what === CALLING);
  for (let gas = withMargin(given.used); ; gas *= 2n) {
    try {
      await simulate(chain, [...before, ...calling.map((part) => ({ ...part, gas }))], given.overrides);
      return gas;
    } catch (error) {
      if (!(error instanceof StoaError) || error.code !== "chain_rejected" || gas * 2n > MAX_CALL_GAS) throw error;
    }
  }
}

function partsOf(operation: Operation): Part[] {
  const { sender, factory, factoryData, paymaster, callData } = operation;
  const packed = pack(operation);
  const validate = { abi: walletDelegateAbi, functionName: "validateUserOp", args: [packed, zeroHash, 0n] } as const;
  const parts: Part[] = [{ what: "checking the account", to: sender, data: encodeFunctionData(validate) }];
  if (factory && factoryData && factory !== "0x7702") {
    parts.unshift({ what: "making the account", to: factory, data: factoryData });
  }
  if (paymaster) {
    const ask = { abi: sponsorPaymasterAbi, functionName: "validatePaymasterUserOp" } as const;
    // Of some cost, so that what it counts costs gas too.
    const data = encodeFunctionData({ ...ask, args: [packed, zeroHash, 1n] });
    parts.push({ what: "asking the paymaster", to: paymaster, data });
  }
  return [...parts, { what: CALLING, to: sender, data: callData }];
}

async function simulate(chain: Chain, parts: readonly Part[], stateOverrides: Overrides): Promise<Map<string, bigint>> {
  const calls = parts.map(({ to, data, gas }) => ({
    from: ENTRY_POINT_ADDRESS,
    to,
    data,
    ...(gas === undefined ? {} : { gas: numberToHex(gas) }),
  }));
  const request = { method: "eth_simulateV1", params: [{ blockStateCalls: [{ stateOverrides, calls }] }, "latest"] };
  const [block] = (await chain.client.request(request as never).catch((cause: unknown) => {
    throw toChainError(cause, "estimating an operation's gas");
  })) as [{ calls: SimulatedCall[] }];
  return new Map(
    parts.map(({ what }, index) => {
      const call = block.calls[index];
      if (call?.status === "0x1") return [what, BigInt(call.gasUsed)];
      throw revertedPart(what, call);
    }),
  );
}

function revertedPart(what: string, call: SimulatedCall | undefined): StoaError {
  const data = call?.error?.data ?? call?.returnData ?? "0x";
  const reason = describeRevert(data);
  const text = reason?.text ?? call?.error?.message ?? "it reverts";
  const details = reason ? { error: reason.name } : {};
  return new StoaError("chain_rejected", `${what}: ${text}`, { details });
}

/** What no limit covers: the transaction that carries it, its bytes, and what the EntryPoint does around it. */
export function preVerificationGas(operation: Operation): bigint {
  const data = encodeFunctionData({
    abi: entryPoint08Abi,
    functionName: "handleOps",
    args: [[pack(operation)], zeroAddress],
  });
  // All bytes at the price of those that are not zero: gas limits and signatures are filled in afterwards.
  const bytes = BigInt(hexToBytes(data).length);
  return TRANSACTION_GAS + bytes * 16n + BUNDLE_GAS + (operation.authorization ? DELEGATION_GAS : 0n);
}
