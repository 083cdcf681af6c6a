import { type Address, type Hash, StoaError } from "@stoa/protocol";
import { encodeFunctionData, isAddressEqual, numberToHex, parseEventLogs, type TransactionReceipt } from "viem";
import { entryPoint08Abi, getUserOperationHash } from "viem/account-abstraction";
import type { ChainSender } from "../client/chain-sender.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import type { Bundler } from "./bundler.ts";
import { estimateOperationGas } from "./estimate-operation-gas.ts";
import { type Operation, pack, parseOperation } from "./operation.ts";

export interface DirectBundlerOptions {
  /** Receives what the EntryPoint pays back; the sender's wallet by default. */
  beneficiary?: Address;
  /** Refuses operations that would pay back less than their gas costs now. True by default. */
  mustPay?: boolean;
}

/** How many operations' transactions it remembers. */
const REMEMBERED = 10_000;

/**
 * Bundles by itself, each operation in a transaction of its own: for the local chain, and for a market that pays for
 * its users and wants nobody between. It takes only what succeeds when it is simulated, so it pays for no garbage; it
 * is no public bundler, which would have to hold operations to ERC-7562.
 * @throws {StoaError} from `request`: `chain_rejected` with the EntryPoint's reason, `invalid_request`
 * @example
 * const bundler = directBundler(createSender(chain, bundlerKey));
 */
export function directBundler(sender: ChainSender, options: DirectBundlerOptions = {}): Bundler {
  const { beneficiary = sender.address, mustPay = true } = options;
  const { chain } = sender;
  const transactions = new Map<Hash, Hash>();

  async function send(operation: Operation): Promise<Hash> {
    const operationHash = getUserOperationHash({
      chainId: chain.chainId,
      entryPointAddress: ENTRY_POINT_ADDRESS,
      entryPointVersion: "0.8",
      userOperation: operation,
    });
    if (mustPay) await requirePay(sender, operation);
    const args = [[pack(operation)], beneficiary] as const;
    const txHash = await sender.send({
      doing: `bundling ${operationHash}`,
      to: ENTRY_POINT_ADDRESS,
      data: encodeFunctionData({ abi: entryPoint08Abi, functionName: "handleOps", args }),
      // The nonce in it makes it happen once; the hash is the same whoever brings it.
      occasion: operationHash,
      subjects: [operationHash],
      ...(operation.authorization ? { authorizations: [operation.authorization] } : {}),
    });
    if (transactions.size >= REMEMBERED) transactions.delete(transactions.keys().next().value as Hash);
    transactions.set(operationHash, txHash);
    return operationHash;
  }

  async function receiptOf(operationHash: Hash) {
    const txHash = transactions.get(operationHash);
    if (txHash === undefined) return null;
    // Whichever transaction carries it by now.
    const receipt = await sender.wait(txHash, { doing: `bundling ${operationHash}` });
    return describe(operationHash, receipt);
  }

  return {
    async request({ method, params }) {
      const [first, second] = (params ?? []) as readonly unknown[];
      switch (method) {
        case "eth_chainId":
          return numberToHex(chain.chainId);
        case "eth_supportedEntryPoints":
          return [ENTRY_POINT_ADDRESS];
        case "eth_estimateUserOperationGas":
          requireEntryPoint(second);
          return toHexes(await estimateOperationGas(chain, parseOperation(first as Record<string, unknown>)));
        case "eth_sendUserOperation":
          requireEntryPoint(second);
          return send(parseOperation(first as Record<string, unknown>));
        case "eth_getUserOperationReceipt":
          return receiptOf(first as Hash);
        default:
          throw new StoaError("invalid_request", `a bundler has no method ${method}`);
      }
    },
  };
}

/** Everything else would be bundled at a loss. */
async function requirePay({ chain }: ChainSender, { maxFeePerGas }: Operation): Promise<void> {
  const { baseFeePerGas } = await chain.client.getBlock({ blockTag: "latest" }).catch((cause: unknown) => {
    throw toChainError(cause, "reading the base fee");
  });
  if (maxFeePerGas >= (baseFeePerGas ?? 0n)) return;
  throw new StoaError("chain_rejected", `an operation offers ${maxFeePerGas} wei a gas, a block asks ${baseFeePerGas}`);
}

function requireEntryPoint(given: unknown): void {
  if (isAddressEqual(given as Address, ENTRY_POINT_ADDRESS)) return;
  throw new StoaError("invalid_request", `this bundler serves ${ENTRY_POINT_ADDRESS}, not ${String(given)}`);
}

function toHexes(numbers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, numberToHex(value as bigint)]));
}

function describe(userOpHash: Hash, receipt: TransactionReceipt) {
  const logs = parseEventLogs({ abi: entryPoint08Abi, logs: receipt.logs });
  const isIts = ({ args }: (typeof logs)[number]) => "userOpHash" in args && args.userOpHash === userOpHash;
  const done = logs.find((log) => log.eventName === "UserOperationEvent" && isIts(log));
  if (done?.eventName !== "UserOperationEvent") return null;
  const failed = logs.find((log) => log.eventName === "UserOperationRevertReason" && isIts(log));
  const { sender, nonce, paymaster, success, actualGasCost, actualGasUsed } = done.args;
  return {
    userOpHash,
    entryPoint: ENTRY_POINT_ADDRESS,
    sender,
    nonce: numberToHex(nonce),
    paymaster,
    success,
    actualGasCost: numberToHex(actualGasCost),
    actualGasUsed: numberToHex(actualGasUsed),
    reason: failed?.eventName === "UserOperationRevertReason" ? failed.args.revertReason : null,
    receipt: { transactionHash: receipt.transactionHash },
  };
}
